/** Traffic for the local stack: made up, or read from an access log, and sent to a Kafka topic. */
package dev.trafficctl.local.traffic;
