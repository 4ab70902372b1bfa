package dev.trafficctl.cli.command.option;

import dev.trafficctl.cli.operation.catalogue.Place;
import picocli.CommandLine.Option;

/** The option that says where a savepoint goes. */
public final class DirectoryOption {
  @Option(
      names = "--to",
      paramLabel = "DIR",
      description =
          "Where the savepoint goes: a URL, or a path on the machines of the cluster. Default: the"
              + " context's, then the cluster's own.")
  String to;

  /** The directory as Flink takes it, or null if none was given. */
  public String directory() {
    return to == null ? null : Place.directory(to);
  }
}
