/** {@code operations} and its commands. */
package dev.trafficctl.cli.command.operations;
