/** Renderers: tables, JSON, YAML, progress. They know nothing of what they show. */
package dev.trafficctl.cli.output;
