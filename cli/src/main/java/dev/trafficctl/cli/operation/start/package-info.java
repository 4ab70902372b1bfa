/** Starting a job from its jar. */
package dev.trafficctl.cli.operation.start;
