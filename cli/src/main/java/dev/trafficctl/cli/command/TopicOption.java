package dev.trafficctl.cli.command;

import picocli.CommandLine.Option;

/** The option that says to which topic events are sent. */
public final class TopicOption {
  static final String DEFAULT = "web-traffic";

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      defaultValue = DEFAULT,
      description = "The topic; made if it is not there. Default: ${DEFAULT-VALUE}.")
  String name;
}
