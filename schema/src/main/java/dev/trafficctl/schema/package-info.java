/**
 * The SQL that makes and changes a job's tables: numbered files, and Flyway, which applies those
 * that a database does not have. The job has none of it; it only looks.
 */
package dev.trafficctl.schema;
