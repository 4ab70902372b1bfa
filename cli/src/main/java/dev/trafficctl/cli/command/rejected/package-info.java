/** {@code rejected} and its commands. */
package dev.trafficctl.cli.command.rejected;
