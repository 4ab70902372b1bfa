/** Flink's REST API, as far as the commands need it. */
package dev.trafficctl.cli.flink;
