/** What every part of the command line ends with and works in: exit codes, errors, stdout, time. */
package dev.trafficctl.cli.process;
