package dev.trafficctl.cli.state;

import dev.trafficctl.cli.flink.Checkpoint;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.JobSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The savepoints and checkpoints that there are: what Flink remembers, and what lies in storage.
 * Each has its place once, and there is one order of them; none is read. What is listed and what is
 * taken as the newest come from here.
 */
public final class StateCatalogue {
  private final Map<StatePath, Entry> byPath = new HashMap<>();
  private final List<Entry> withoutPath = new ArrayList<>();

  /**
   * A savepoint or checkpoint.
   *
   * @param job the job of which Flink remembers it, or null if only storage knows it
   * @param checkpoint what Flink remembers of it, or null
   * @param stored how it lies in storage, or null if Flink remembers it
   */
  public record Entry(JobSummary job, Checkpoint checkpoint, StoredState stored) {
    /** Whether Flink remembers it. */
    public boolean remembered() {
      return checkpoint != null;
    }

    /** Where it lies, or null if it lies nowhere. */
    public String path() {
      return remembered() ? checkpoint.path() : stored.path();
    }

    /** Whether it is a savepoint. */
    public boolean savepoint() {
      return remembered() ? checkpoint.savepoint() : stored.savepoint();
    }

    /** When it was complete, or how far it has come. */
    public Instant complete() {
      return remembered() ? checkpoint.complete() : stored.changed();
    }

    /** Whether it can be restored, as far as that is seen without reading it. */
    public boolean restorable() {
      return remembered() ? checkpoint.restorable() : stored.complete();
    }
  }

  /** Adds what Flink remembers of a job. */
  public void remember(JobSummary job, Checkpoints checkpoints) {
    for (Checkpoint checkpoint : checkpoints.history()) {
      Entry entry = new Entry(job, checkpoint, null);
      if (entry.path() == null) {
        withoutPath.add(entry);
      } else {
        byPath.put(StatePath.of(entry.path()), entry);
      }
    }
  }

  /** Adds what lies in storage and is not there yet. */
  public void store(StoredState stored) {
    byPath.putIfAbsent(StatePath.of(stored.path()), new Entry(null, null, stored));
  }

  /** All of them, the newest first. */
  public List<Entry> newestFirst() {
    List<Entry> all = new ArrayList<>(withoutPath);
    all.addAll(byPath.values());
    all.sort(StateOrder.newestFirst(Entry::complete, Entry::path));
    return all;
  }
}
