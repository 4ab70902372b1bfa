package dev.trafficctl.cli.command;

import picocli.CommandLine.Option;

/** The option that says to which topic events are sent. */
public final class TopicOption {
  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      defaultValue = "web-traffic",
      description = "The topic; made if it is not there. Default: ${DEFAULT-VALUE}.")
  String name;
}
