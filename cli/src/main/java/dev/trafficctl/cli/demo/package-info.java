/** The demonstration: everything from Kafka to Postgres once, with the books balanced. */
package dev.trafficctl.cli.demo;
