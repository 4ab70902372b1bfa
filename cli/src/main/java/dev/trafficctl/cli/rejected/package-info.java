/** What becomes of rejected events that are sent again. */
package dev.trafficctl.cli.rejected;
