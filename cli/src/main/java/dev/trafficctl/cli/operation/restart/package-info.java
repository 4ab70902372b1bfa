/** Starting a job again: from where it stands, a state, or a place in Kafka. */
package dev.trafficctl.cli.operation.restart;
