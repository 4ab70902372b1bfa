/** Reads a range of Kafka again, and compares what should be in Postgres with what is there. */
package dev.trafficctl.cli.verify;
