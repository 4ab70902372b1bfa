/**
 * What this machine asked of clusters and how it ended, on disk before it is asked, so that an
 * operation outlives the terminal that it was typed in.
 */
package dev.trafficctl.cli.journal;
