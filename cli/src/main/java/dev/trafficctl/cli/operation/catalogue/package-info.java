/**
 * Which jobs and which states there are, and which of them is meant: asked of Flink, the journal
 * and the storage.
 */
package dev.trafficctl.cli.operation.catalogue;
