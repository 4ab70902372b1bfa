/**
 * Proof that nothing is lost, done twice or claimed wrongly when the command line is killed, the
 * JobManager is restarted, or two people do something at the same moment. What is judged is read
 * without the code under test: from Flink with a plain HTTP client, from files, from Postgres.
 */
package dev.trafficctl.cli.chaos;
