/** The commands, one class each: options and a call. */
package dev.trafficctl.cli.command;
