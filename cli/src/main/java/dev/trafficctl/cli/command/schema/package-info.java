/** {@code schema}. */
package dev.trafficctl.cli.command.schema;
