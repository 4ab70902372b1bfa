/** {@code savepoint} and its commands, {@code checkpoint} and {@code checkpoints}. */
package dev.trafficctl.cli.command.savepoint;
