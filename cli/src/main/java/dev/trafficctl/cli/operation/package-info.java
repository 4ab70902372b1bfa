/**
 * Changes that take several steps. They print nothing: they return what came of it, or throw a
 * {@link dev.trafficctl.cli.process.CommandException}. Every step is in the journal before it is
 * taken.
 */
package dev.trafficctl.cli.operation;
