/** Changing the parallelism of a job that runs. */
package dev.trafficctl.cli.operation.rescale;
