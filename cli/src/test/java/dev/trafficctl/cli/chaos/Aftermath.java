package dev.trafficctl.cli.chaos;

import dev.trafficctl.cli.chaos.Machine.JournalEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What there is after a change was disturbed and {@code operations resume} has settled it. All of
 * it is read from files and from Flink, but for the exit codes.
 *
 * @param verb what was asked
 * @param exitCode the exit code of the command itself, or null when it was killed
 * @param resumed the exit code of {@code operations resume}
 * @param entries the operations that this round has added to the journal
 * @param made the complete savepoints that this round has added to the disk
 * @param whole those of the paths in the entries that hold a {@code _metadata}
 * @param job the job that it was done to
 * @param state that job's state, or null when Flink does not know it any more
 * @param live the jobs of the name that are live, by their ids
 * @param restoredFrom what the live job was restored from, or null
 * @param jobManagerLost whether the JobManager was restarted meanwhile
 */
record Aftermath(
    Verb verb,
    Integer exitCode,
    int resumed,
    List<JournalEntry> entries,
    Set<String> made,
    Set<String> whole,
    String job,
    String state,
    List<String> live,
    String restoredFrom,
    boolean jobManagerLost) {
  private static final Set<Integer> ANSWERS = Set.of(0, 1, 6, 7);
  private static final Set<Integer> NOTHING_WAS_DONE = Set.of(1, 4, 5);

  /** What is wrong; empty when all is as it must be. */
  List<String> violations() {
    List<String> wrong = new ArrayList<>();
    exitCodes(wrong);
    paths(wrong);
    if (live.size() > 1) {
      wrong.add("more than one job is live: " + live);
    }
    for (JournalEntry entry : entries) {
      if (entry.outcome() == null) {
        wrong.add(entry.id() + " is still open");
      } else {
        outcome(entry, wrong);
      }
    }
    if (entries.isEmpty() && !jobManagerLost && !jobIsLive()) {
      wrong.add("the job is " + state + ", and the journal knows of nothing");
    }
    return wrong;
  }

  private void exitCodes(List<String> wrong) {
    if (exitCode != null && !ANSWERS.contains(exitCode)) {
      boolean nothing =
          NOTHING_WAS_DONE.contains(exitCode)
              && made.isEmpty()
              && entries.stream().allMatch(entry -> "unreachable".equals(entry.outcome()));
      if (!jobManagerLost || !nothing) {
        wrong.add("the command exits " + exitCode);
      }
    }
    boolean unreachable = entries.stream().anyMatch(e -> "unreachable".equals(e.outcome()));
    if (!ANSWERS.contains(resumed) && !(jobManagerLost && resumed == 5 && unreachable)) {
      wrong.add("operations resume exits " + resumed);
    }
  }

  private void paths(List<String> wrong) {
    Set<String> claimed = claimed();
    if (entries.isEmpty() && !made.isEmpty()) {
      wrong.add("made without a word in the journal: " + made);
    }
    if (made.size() > 1) {
      wrong.add("made more than once: " + new TreeSet<>(made));
    }
    for (String path : made) {
      if (!claimed.contains(path)) {
        wrong.add("lies there, and its path is not known: " + path);
      }
    }
    for (String path : claimed) {
      if (!whole.contains(path)) {
        wrong.add("said to be there, but holds no _metadata: " + path);
      }
      boolean savepoint = path.matches(".*/savepoint-[^/]*");
      if (savepoint && !made.contains(path)) {
        wrong.add("said to be made in this round, but older: " + path);
      }
      boolean ofJob =
          savepoint ? path.contains("savepoint-" + job.substring(0, 6)) : path.contains(job);
      if (!ofJob) {
        wrong.add("said to be of " + job + ", but is of another job: " + path);
      }
    }
  }

  /** The paths that the journal ended with. */
  private Set<String> claimed() {
    Set<String> claimed = new TreeSet<>();
    entries.stream()
        .map(JournalEntry::path)
        .filter(Objects::nonNull)
        .forEach(path -> claimed.add(ChaosJob.plain(path)));
    return claimed;
  }

  private void outcome(JournalEntry entry, List<String> wrong) {
    String is = entry.id() + " is said to be " + entry.outcome();
    switch (entry.outcome()) {
      case "done" -> done(entry, is, wrong);
      case "failed", "unreachable" -> {
        if (!made.isEmpty()) {
          wrong.add(is + ", but there is " + made);
        }
        if (!jobManagerLost && !jobIsLive()) {
          wrong.add(is + ", but the job is " + state);
        }
      }
      case "outcome_unknown" -> {
        boolean jobEnds = !entry.verb().equals("savepoint");
        if (!made.isEmpty()) {
          wrong.add(is + ", but there is " + made);
        }
        if (!jobManagerLost && (!jobEnds || jobIsLive())) {
          wrong.add(is + ", but Flink knows all: the job is " + state);
        }
        if (jobManagerLost && !jobEnds) {
          wrong.add(is + ", but storage knows that there is none");
        }
      }
      case "partly_done" -> {
        if (entry.path() == null) {
          wrong.add(is + ", but without a path");
        }
        if (entry.verb().equals("stop") && "FINISHED".equals(state)) {
          wrong.add(is + ", but the job is FINISHED");
        }
      }
      default -> wrong.add(is);
    }
  }

  private void done(JournalEntry entry, String is, List<String> wrong) {
    if (entry.path() == null) {
      wrong.add(is + ", but without a path");
    }
    if (jobManagerLost) {
      return;
    }
    switch (entry.verb()) {
      case "savepoint" -> {
        if (!jobIsLive()) {
          wrong.add(is + ", but the job is " + state);
        }
      }
      case "stop" -> {
        if (!"FINISHED".equals(state)) {
          wrong.add(is + ", but the job is " + state);
        }
      }
      case "cancel" -> {
        if (!"CANCELED".equals(state)) {
          wrong.add(is + ", but the job is " + state);
        }
      }
      default -> {
        if (live.size() != 1 || live.contains(job)) {
          wrong.add(is + ", but live is " + live + " and it was " + job);
        } else if (!Objects.equals(ChaosJob.plain(entry.path()), ChaosJob.plain(restoredFrom))) {
          wrong.add(
              is + " from " + entry.path() + ", but the job was restored from " + restoredFrom);
        }
      }
    }
  }

  private boolean jobIsLive() {
    return live.contains(job);
  }

  /** How it came out, for the statistics. */
  String result() {
    return Stream.concat(
            Stream.of(verb.name()), entries.stream().map(JournalEntry::outcome).sorted())
        .toList()
        .toString();
  }
}
