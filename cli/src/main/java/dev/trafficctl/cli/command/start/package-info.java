/** {@code submit}. */
package dev.trafficctl.cli.command.start;
