package dev.trafficctl.cli.operation.catalogue;

import dev.trafficctl.cli.flink.Checkpoint;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.state.KnownState;
import dev.trafficctl.cli.state.StateCatalogue;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.cli.state.StateReader;
import dev.trafficctl.cli.state.StateReading;
import dev.trafficctl.cli.state.StoredState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the states in a catalogue, each once, and tells what is known of them. */
final class Inventory {
  private final StateReader reader;
  private final Map<StateCatalogue.Entry, KnownState> read = new HashMap<>();

  /** With what reads the states. */
  Inventory(StateReader reader) {
    this.reader = reader;
  }

  /** All that there are, in the same order. */
  List<KnownState> of(List<StateCatalogue.Entry> entries) {
    return entries.stream().map(entry -> read.computeIfAbsent(entry, this::known)).toList();
  }

  private KnownState known(StateCatalogue.Entry entry) {
    return entry.remembered()
        ? remembered(entry.job(), entry.checkpoint())
        : stored(entry.stored());
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
