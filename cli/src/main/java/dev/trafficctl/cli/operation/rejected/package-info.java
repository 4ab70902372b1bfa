/** Sending rejected events again. */
package dev.trafficctl.cli.operation.rejected;
