/** {@code offsets}. */
package dev.trafficctl.cli.command.offsets;
