package dev.trafficctl.cli.runbook;

import java.util.List;

/** Runs the commands of a page. */
interface Shell {
  /**
   * Runs one command.
   *
   * @param words the words of the command line; the first is {@code trafficctl}
   */
  Result run(List<String> words);

  /**
   * What became of a command.
   *
   * @param output what it printed, as a terminal shows it: data and words in their order
   * @param exitCode what {@code echo $?} would print
   */
  record Result(List<String> output, int exitCode) {}
}
