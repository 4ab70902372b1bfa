/** {@code context} and its commands. */
package dev.trafficctl.cli.command.context;
