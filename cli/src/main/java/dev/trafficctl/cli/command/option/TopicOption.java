package dev.trafficctl.cli.command.option;

import picocli.CommandLine.Option;

/** The option that says to which topic events are sent. */
public final class TopicOption {
  /** The topic where none is given. */
  public static final String DEFAULT = "web-traffic";

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      defaultValue = DEFAULT,
      description = "The topic; made if it is not there. Default: ${DEFAULT-VALUE}.")
  String name;

  /** The name of the topic. */
  public String name() {
    return name;
  }
}
