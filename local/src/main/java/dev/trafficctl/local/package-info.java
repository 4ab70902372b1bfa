/** A laptop-sized production: Kafka, Postgres and Flink as real processes on this machine. */
package dev.trafficctl.local;
