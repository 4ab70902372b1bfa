/** {@code verify}. */
package dev.trafficctl.cli.command.verify;
