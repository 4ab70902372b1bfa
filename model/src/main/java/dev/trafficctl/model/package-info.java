/**
 * What the job and the CLI agree on: the event, its parser, the filter, setting and table names.
 */
package dev.trafficctl.model;
