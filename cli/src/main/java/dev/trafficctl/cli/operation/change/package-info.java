/**
 * What every change has in common: what is planned, how it is journaled and waited for, and what
 * came of it.
 */
package dev.trafficctl.cli.operation.change;
