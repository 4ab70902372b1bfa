package dev.trafficctl.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the rounds of a test have shown: everything that is wrong, and how often what came out. */
final class Findings {
  private final String test;
  private final Rounds rounds;
  private final List<String> wrong = new ArrayList<>();
  private final Map<String, Integer> counts = new TreeMap<>();

  Findings(Object test, Rounds rounds) {
    this.test = test.getClass().getSimpleName();
    this.rounds = rounds;
  }

  /** One round. */
  @FunctionalInterface
  interface Round {
    /** Runs the round of a number, from 0. */
    void run(int number) throws Exception;
  }

  /**
   * Runs all rounds, then counts the events and looks for two lives that met, and fails if anything
   * was wrong.
   */
  void runAll(ChaosJob job, Round round) throws Exception {
    int number = 0;
    String events = "?";
    try {
      for (; number < rounds.count(); number++) {
        round.run(number);
      }
      events = Long.toString(job.countEverything());
    } catch (Exception | AssertionError e) {
      throw new AssertionError("round " + number + " of seed " + rounds.seed() + "; " + wrong, e);
    } finally {
      wrong.addAll(job.breaches());
      System.out.printf(
          "%s: %d rounds with seed %d, %d jobs, %s events, %d wrong%n",
          test, number, rounds.seed(), job.jobsSoFar(), events, wrong.size());
      counts.forEach((what, count) -> System.out.printf("  %3d x %s%n", count, what));
    }
    assertThat(wrong).as("seed %d", rounds.seed()).isEmpty();
  }

  /** Counts something that came out. */
  void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  /** Notes what is wrong in a round, each with all that is known of it. */
  void wrong(int round, List<String> violations, Object... evidence) {
    for (String violation : violations) {
      StringBuilder text = new StringBuilder("round " + round + ": " + violation);
      for (Object piece : evidence) {
        text.append("\n  ").append(piece);
      }
      wrong.add(text.toString());
    }
  }
}
