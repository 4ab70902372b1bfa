/**
 * What commands do to a job in several steps: nothing here prints, and every step is in the journal
 * before it is taken.
 */
package dev.trafficctl.cli.operation;
