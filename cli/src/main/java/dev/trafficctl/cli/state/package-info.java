/**
 * Savepoints and retained checkpoints as they lie in storage: what is in them, and which there are.
 * Flink's own classes read them, and nothing outside this package sees those.
 */
package dev.trafficctl.cli.state;
