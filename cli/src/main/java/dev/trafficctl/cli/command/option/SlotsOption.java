package dev.trafficctl.cli.command.option;

import picocli.CommandLine.Option;

/** The option that says that slots which are missing will come. */
public final class SlotsOption {
  @Option(
      names = "--allow-missing-slots",
      description =
          "Do it although the TaskManagers have too few slots: the job waits for those that are"
              + " missing, as on a cluster that adds TaskManagers by itself.")
  boolean allowed;

  /** Whether slots may be missing. */
  public boolean allowed() {
    return allowed;
  }
}
