/**
 * Runs the pages of {@code runbooks/} as they are written: each command of a page is executed, and
 * what it prints must be what the page shows. {@code runbooks/README.md} says how a page is
 * written.
 */
package dev.trafficctl.cli.runbook;
