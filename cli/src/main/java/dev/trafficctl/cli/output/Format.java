package dev.trafficctl.cli.output;

/** The forms in which a command gives its data. */
public enum Format {
  /** A table for people. */
  TABLE,
  /** One JSON document. */
  JSON,
  /** One YAML document. */
  YAML
}
