package dev.trafficctl.cli.chaos;

import dev.trafficctl.cli.chaos.Machine.JournalEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What there is after two commands were let go at the same moment.
 *
 * @param sameMachine whether both have one journal
 * @param one one of them
 * @param other the other
 * @param made the complete savepoints that came onto the disk
 * @param apart whether Flink completed one savepoint before it began the next
 * @param whole those of the paths that were told which hold a {@code _metadata}
 * @param job the job before
 * @param state that job's state
 * @param live the jobs of the name that are live, by their ids
 */
record Race(
    boolean sameMachine,
    Side one,
    Side other,
    Set<String> made,
    boolean apart,
    Set<String> whole,
    String job,
    String state,
    List<String> live) {
  private static final Set<Integer> ANSWERS = Set.of(0, 1, 4, 6, 7);

  /**
   * One of the two.
   *
   * @param user who
   * @param verb does what
   * @param said and is told what
   * @param entries the operations in the journal by this user
   */
  record Side(String user, Verb verb, Said said, List<JournalEntry> entries) {
    boolean won() {
      return said.exitCode() == 0;
    }

    /** The savepoint or checkpoint that stdout ends with, or null. */
    String path() {
      String last = said.path();
      return last == null || !last.contains("/") ? null : ChaosJob.plain(last);
    }

    boolean isBefore(Side that) {
      return !entries.isEmpty()
          && !that.entries.isEmpty()
          && entries.stream()
              .allMatch(
                  mine ->
                      mine.ended() != null
                          && that.entries.stream()
                              .noneMatch(theirs -> theirs.asked().isBefore(mine.ended())));
    }

    private String shown() {
      return user + "'s " + verb + " (" + said.exitCode() + ")";
    }
  }

  /** What is wrong; empty when all is as it must be. */
  List<String> violations() {
    List<String> wrong = new ArrayList<>();
    if (live.size() > 1) {
      wrong.add("more than one job is live: " + live);
    }
    if (!one.won() && !other.won()) {
      wrong.add("nobody did it");
    }
    for (Side side : List.of(one, other)) {
      if (!ANSWERS.contains(side.said.exitCode())) {
        wrong.add(side.shown() + " exits with " + side.said.exitCode());
      }
      if (side.path() != null && !whole.contains(side.path())) {
        wrong.add(side.shown() + " names what holds no _metadata: " + side.path());
      }
      if (side.said.exitCode() == 6 && side.verb.stops() && !made.isEmpty()) {
        wrong.add(side.shown() + " knows of no savepoint, but there is " + made);
      }
      side.entries.stream()
          .filter(entry -> entry.outcome() == null)
          .forEach(entry -> wrong.add(entry.id() + " is still open"));
      state(side, side == one ? other : one, wrong);
    }
    if (!isOneAfterTheOther()) {
      twice(wrong);
      told(one, other, wrong);
      told(other, one, wrong);
    }
    return wrong;
  }

  /** Whether they did not meet at all: one had ended when the other began. */
  boolean isOneAfterTheOther() {
    boolean leavesItRunning = one.verb == Verb.SAVEPOINT || other.verb == Verb.SAVEPOINT;
    // A command notices up to 250 ms later than Flink that its savepoint is complete.
    return (leavesItRunning && !sameMachine && apart && made.size() == 2)
        || one.isBefore(other)
        || other.isBefore(one);
  }

  private void twice(List<String> wrong) {
    if (made.size() > 1) {
      wrong.add("made more than once: " + new TreeSet<>(made));
    }
    if (!one.won() || !other.won()) {
      return;
    }
    if (sameMachine) {
      wrong.add("both did it at the same time, with one journal");
    }
    if (one.verb.isRestart() && other.verb.isRestart()) {
      wrong.add("both restarted it");
    }
    boolean sameSavepoint = one.verb.word().equals(other.verb.word()) || stopInBoth();
    if (sameSavepoint && !Objects.equals(one.path(), other.path())) {
      wrong.add("both did it, with " + one.path() + " and " + other.path());
    }
  }

  private boolean stopInBoth() {
    return one.verb.stops() && other.verb.stops();
  }

  /** Who did not do it is told who did. */
  private void told(Side loser, Side winner, List<String> wrong) {
    if (loser.won() || !winner.won()) {
      return;
    }
    String err = loser.said.err();
    boolean toldWho =
        loser.said.exitCode() == 4 && Stream.of(winner.user + "@").anyMatch(err::contains);
    boolean toldWhere =
        !sameMachine && loser.said.exitCode() == 4 && err.contains("from another machine");
    boolean cameLate = !winner.verb.equals(Verb.SAVEPOINT);
    boolean toldWhatHappened =
        cameLate
            && Stream.of("does not run", "no job", "has ended", "had ended", "FINISHED", "CANCELED")
                .anyMatch(err::contains);
    if (!toldWho && !toldWhere && !toldWhatHappened) {
      wrong.add(loser.shown() + " is not told that " + winner.shown() + " did it: " + err.strip());
    }
  }

  private void state(Side side, Side opponent, List<String> wrong) {
    if (!side.won()) {
      return;
    }
    boolean ofAnother = side.entries.stream().noneMatch(entry -> job.equals(entry.jobId()));
    if (ofAnother) {
      return;
    }
    String is = side.shown();
    switch (side.verb) {
      case SAVEPOINT -> {
        if (!live.contains(job) && !opponent.won()) {
          wrong.add(is + " is done, but the job is " + state);
        }
      }
      case STOP -> {
        if (!"FINISHED".equals(state)) {
          wrong.add(is + " is done, but the job is " + state);
        }
      }
      case CANCEL -> {
        if (!"CANCELED".equals(state)) {
          wrong.add(is + " is done, but the job is " + state);
        }
      }
      default -> {
        boolean endedAfterwards = opponent.won() && side.isBefore(opponent);
        if (!endedAfterwards && (live.size() != 1 || live.contains(job))) {
          wrong.add(is + " is done, but live is " + live + " and it was " + job);
        }
      }
    }
    if (!side.verb.equals(Verb.CANCEL) && side.path() == null) {
      wrong.add(is + " is done, but names no path");
    }
  }

  /** How it came out, for the statistics. */
  String result() {
    return "%s and %s, %s: %d and %d%s"
        .formatted(
            one.verb,
            other.verb,
            sameMachine ? "one journal" : "two journals",
            one.said.exitCode(),
            other.said.exitCode(),
            isOneAfterTheOther() ? ", one after the other" : "");
  }
}
