/** {@code rescale}. */
package dev.trafficctl.cli.command.rescale;
