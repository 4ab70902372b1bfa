/** The command line {@code trafficctl}: parse, one client, an operation, render, exit code. */
package dev.trafficctl.cli;
