/** Bringing a job to its end: with a savepoint, or cancelled. */
package dev.trafficctl.cli.operation.stop;
