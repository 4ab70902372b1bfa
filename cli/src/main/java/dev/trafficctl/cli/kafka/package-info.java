/** What the commands ask of Kafka and do to it. Its client is slow to load: only who needs it. */
package dev.trafficctl.cli.kafka;
