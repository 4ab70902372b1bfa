package dev.trafficctl.cli.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A change that is disturbed. */
enum Verb {
  SAVEPOINT("savepoint"),
  STOP("stop"),
  RESTART("restart"),
  /** Cancels the job, where {@link #RESTART} stops it with a savepoint. */
  RESTART_FROM_CHECKPOINT("restart", "--from-checkpoint", "latest"),
  CANCEL("cancel");

  private final List<String> words;

  Verb(String... words) {
    this.words = List.of(words);
  }

  /** What the journal calls it. */
  String word() {
    return words.get(0);
  }

  /** The command line for a job. */
  String[] of(String job, String... more) {
    List<String> line = new ArrayList<>(words);
    line.add(1, job);
    line.addAll(List.of(more));
    return line.toArray(new String[0]);
  }

  boolean isRestart() {
    return word().equals("restart");
  }

  /** How long it may take once its process has come up, as long as nobody has measured it. */
  Duration guess() {
    return isRestart() ? Duration.ofSeconds(9) : Duration.ofSeconds(3);
  }

  /** Whether the job that it is done to ends by a stop with a savepoint. */
  boolean stops() {
    return this == STOP || this == RESTART;
  }
}
