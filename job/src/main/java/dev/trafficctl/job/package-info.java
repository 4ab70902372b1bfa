/** The Flink job: read and parse, filter, write, and reject beside it. */
package dev.trafficctl.job;
