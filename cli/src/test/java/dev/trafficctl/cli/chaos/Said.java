package dev.trafficctl.cli.chaos;

import java.time.Duration;

/**
 * What a command has said.
 *
 * @param exitCode its exit code; 137 when it was killed
 * @param out its stdout
 * @param err its stderr
 * @param took from start to end
 */
record Said(int exitCode, String out, String err, Duration took) {
  /** The last line of stdout, but for a restart the way back, or null when there is none. */
  String path() {
    String wayBack = "way back: ";
    return out.lines()
        .filter(line -> line.startsWith(wayBack))
        .findFirst()
        .map(line -> line.substring(wayBack.length()))
        .or(() -> out.lines().reduce((first, second) -> second))
        .orElse(null);
  }

  @Override
  public String toString() {
    return "exit %d after %d ms%nstdout: %s%nstderr: %s"
        .formatted(exitCode, took.toMillis(), out.strip(), err.strip());
  }
}
