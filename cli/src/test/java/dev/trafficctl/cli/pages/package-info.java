/**
 * Holds the documentation to the code: links lead somewhere, commands are such that the program
 * takes, and tables say what the code says. Runbooks are executed besides, see {@code
 * dev.trafficctl.cli.runbook}.
 */
package dev.trafficctl.cli.pages;
