/** {@code lag}. */
package dev.trafficctl.cli.command.lag;
