/** {@code stop} and {@code cancel}. */
package dev.trafficctl.cli.command.stop;
