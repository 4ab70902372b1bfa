/**
 * Changes that take several steps. They print nothing: they return what came of it, or throw a
 * {@link dev.trafficctl.cli.CommandException}.
 */
package dev.trafficctl.cli.operation;
