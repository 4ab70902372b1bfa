/** {@code restart}. */
package dev.trafficctl.cli.command.restart;
