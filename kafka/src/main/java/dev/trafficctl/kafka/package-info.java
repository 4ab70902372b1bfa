/**
 * What the job and the command line both ask of Kafka, so that they have one answer. It knows
 * neither Flink nor Postgres.
 */
package dev.trafficctl.kafka;
