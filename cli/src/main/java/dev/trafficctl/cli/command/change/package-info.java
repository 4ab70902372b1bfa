/**
 * The way of every command that changes something: asked, confirmed, done, shown, and come back to.
 */
package dev.trafficctl.cli.command.change;
