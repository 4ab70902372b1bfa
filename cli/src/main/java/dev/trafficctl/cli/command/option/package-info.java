/** The options that several commands have, and the types of their values. */
package dev.trafficctl.cli.command.option;
