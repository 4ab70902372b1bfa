/** What the commands read from Postgres. */
package dev.trafficctl.cli.postgres;
