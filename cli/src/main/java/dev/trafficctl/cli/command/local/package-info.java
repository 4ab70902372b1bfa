/** {@code local} and its commands, and {@code demo}, which runs on the local stack. */
package dev.trafficctl.cli.command.local;
