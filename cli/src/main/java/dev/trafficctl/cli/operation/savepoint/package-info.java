/** Taking and deleting savepoints, and completing checkpoints. */
package dev.trafficctl.cli.operation.savepoint;
