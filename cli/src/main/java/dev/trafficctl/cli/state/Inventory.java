package dev.trafficctl.cli.state;

import dev.trafficctl.cli.flink.Checkpoint;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.JobSummary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts what Flink remembers of a job's checkpoints and what lies in storage into one list, in which
 * each has its place once.
 */
final class Inventory {
  private final StateReader reader;
  private final Map<StatePath, KnownState> byPath = new HashMap<>();
  private final List<KnownState> withoutPath = new ArrayList<>();

  /** With what reads the states. */
  Inventory(StateReader reader) {
    this.reader = reader;
  }

  /** Adds what Flink remembers, and looks whether it can still be restored. */
  void remember(JobSummary job, Checkpoints checkpoints) {
    for (Checkpoint checkpoint : checkpoints.history()) {
      KnownState state = remembered(job, checkpoint);
      if (state.path() == null) {
        withoutPath.add(state);
      } else {
        byPath.put(StatePath.of(state.path()), state);
      }
    }
  }

  /** Adds what lies in storage and is not there yet. */
  void store(StoredState stored) {
    byPath.computeIfAbsent(StatePath.of(stored.path()), path -> stored(stored));
  }

  /** All of them, the newest first. */
  List<KnownState> newestFirst() {
    List<KnownState> all = new ArrayList<>(withoutPath);
    all.addAll(byPath.values());
    all.sort(StateOrder.newestFirst(KnownState::complete, KnownState::path));
    return all;
  }

  private KnownState remembered(JobSummary job, Checkpoint checkpoint) {
    boolean stored = false;
    Boolean restorable = false;
    String problem = checkpoint.failure();
    StateFile file = null;
    if (checkpoint.restorable()) {
      StateReading reading = reader.readKnown(checkpoint.path());
      stored = reading instanceof StateReading.Whole;
      restorable = reading instanceof StateReading.Elsewhere ? null : (Boolean) stored;
      problem = problem(reading);
      file = reading instanceof StateReading.Whole whole ? whole.file() : null;
    } else if (checkpoint.discarded()) {
      problem = "Flink has deleted it";
    }
    boolean complete = checkpoint.status().equals("COMPLETED");
    return new KnownState(
        checkpoint.id(),
        checkpoint.savepoint(),
        checkpoint.status(),
        job.id().text(),
        job.name(),
        checkpoint.triggered(),
        checkpoint.duration(),
        complete ? (Long) checkpoint.bytes() : null,
        checkpoint.path(),
        true,
        stored,
        restorable,
        problem,
        file == null ? null : file.description(),
        file == null ? null : file.topicId(),
        null);
  }

  private KnownState stored(StoredState stored) {
    Long number = stored.checkpointId() < 0 ? null : (Long) stored.checkpointId();
    if (!stored.complete()) {
      return unusable(stored, number, "INCOMPLETE", "there is no " + StateReader.METADATA);
    }
    StateReading reading = reader.read(stored.path());
    if (!(reading instanceof StateReading.Whole whole)) {
      return unusable(stored, number, "BROKEN", problem(reading));
    }
    StateFile file = whole.file();
    return new KnownState(
        file.checkpointId(),
        stored.savepoint(),
        "COMPLETED",
        stored.jobId(),
        file.description() == null ? null : file.description().jobName(),
        stored.changed(),
        null,
        file.bytes(),
        stored.path(),
        false,
        true,
        true,
        null,
        file.description(),
        file.topicId(),
        null);
  }

  private static KnownState unusable(
      StoredState stored, Long number, String status, String problem) {
    return new KnownState(
        number,
        stored.savepoint(),
        status,
        stored.jobId(),
        null,
        stored.changed(),
        null,
        null,
        stored.path(),
        false,
        true,
        false,
        problem,
        null,
        null,
        null);
  }

  private static String problem(StateReading reading) {
    if (reading instanceof StateReading.Broken broken) {
      return broken.problem();
    }
    return reading instanceof StateReading.Elsewhere elsewhere ? elsewhere.problem() : null;
  }
}
