/** The commands, one class each: options and a call. A package holds the commands of one noun. */
package dev.trafficctl.cli.command;
