package dev.trafficctl.cli.operation.savepoint;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.Checkpoint;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.operation.catalogue.Place;
import dev.trafficctl.cli.operation.change.FlinkDeadline;
import dev.trafficctl.cli.operation.change.TrackedOperation;
import dev.trafficctl.cli.state.PluginFileSystems;
import dev.trafficctl.cli.state.StateReader;
import dev.trafficctl.cli.state.StateReading;
import dev.trafficctl.cli.state.StateStorage;
import dev.trafficctl.cli.state.StoredState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Looks for the savepoint of an operation whose trigger id Flink does not know any more: in what
 * Flink remembers of the job's checkpoints, then in storage. A savepoint counts if its number is
 * higher than those that there were before, and it was triggered after the request was written
 * down, by the JobManager's own clock.
 */
public final class SavepointSearch {
  // How far the clock of a file system may be behind the clock here.
  private static final Duration SKEW = Duration.ofMinutes(1);
  // Flink renews what it tells of checkpoints every web.refresh-interval, 3 s by default.
  private static final Duration LATE = Duration.ofSeconds(4);

  private final FlinkClient flink;
  private final PluginFileSystems plugins;
  private final Clock clock;

  /** In the storage of a cluster. */
  public SavepointSearch(Cluster cluster, Clock clock) {
    this.flink = cluster.flink();
    this.plugins = PluginFileSystems.of(cluster);
    this.clock = clock;
  }

  /**
   * What was found.
   *
   * @param path the savepoint, or null if none was found
   * @param goesOn whether it is being made
   * @param state the job's state, or nothing when Flink does not know the job
   * @param certain whether there is none for certain, when none was found
   * @param seen what was seen, a sentence each without a full stop
   */
  public record Found(
      String path, boolean goesOn, Optional<String> state, boolean certain, List<String> seen) {}

  /** Looks for the savepoint that a request may have made. */
  public Found find(TrackedOperation operation, FlinkDeadline deadline) {
    List<String> seen = new ArrayList<>();
    seen.add("Flink does not know the request (trigger id " + operation.trigger() + ")");
    Optional<String> state = deadline.ask(() -> flink.jobState(operation.jobId()));
    boolean sameJobManager =
        operation.jobManager() != null
            && operation
                .jobManager()
                .equals(deadline.ask(flink::clusterConfig).get(SavepointPlan.JOB_MANAGER_OPTION));
    if (!sameJobManager) {
      seen.add("the JobManager was started anew since");
    }
    Optional<Checkpoints> remembered = remembered(operation, deadline);
    long before = operation.before();
    if (remembered.isEmpty()) {
      seen.add("Flink does not know the job");
    } else {
      before = operation.before(remembered.get());
      List<Checkpoint> newer = newer(remembered.get(), operation);
      Optional<Checkpoint> complete = newer.stream().filter(Checkpoint::restorable).findFirst();
      if (complete.isPresent()) {
        return new Found(complete.get().path(), false, state, true, seen);
      }
      if (newer.stream().anyMatch(savepoint -> savepoint.status().equals("IN_PROGRESS"))) {
        return new Found(null, true, state, false, seen);
      }
      seen.add("its checkpoints hold no new savepoint");
    }
    return stored(operation, before, state, remembered.isPresent() && sameJobManager, seen);
  }

  /** What Flink tells of the job's checkpoints once that is no older than the request. */
  private Optional<Checkpoints> remembered(TrackedOperation operation, FlinkDeadline deadline) {
    while (true) {
      Instant asked = clock.instant();
      Optional<Checkpoints> remembered = deadline.ask(() -> flink.checkpoints(operation.jobId()));
      if (remembered.isEmpty()
          || !newer(remembered.get(), operation).isEmpty()
          || !asked.isBefore(operation.at().plus(LATE))
          || deadline.isOver()) {
        return remembered;
      }
      deadline.pause();
    }
  }

  private static List<Checkpoint> newer(Checkpoints remembered, TrackedOperation operation) {
    return remembered
        .all()
        .filter(checkpoint -> checkpoint.savepoint() && operation.canHaveMade(checkpoint))
        .sorted(Comparator.comparingLong(Checkpoint::id))
        .toList();
  }

  private Found stored(
      TrackedOperation operation,
      long before,
      Optional<String> state,
      boolean remembered,
      List<String> seen) {
    if (operation.directory() == null) {
      return new Found(null, false, state, remembered, seen);
    }
    StateStorage storage = new StateStorage(operation.directory(), plugins);
    if (!storage.isReachable()) {
      seen.add(operation.directory() + " cannot be looked at from this machine");
      return new Found(null, false, state, remembered, seen);
    }
    List<String> paths = stored(operation, before, storage);
    if (paths.size() == 1) {
      return new Found(paths.get(0), false, state, true, seen);
    }
    seen.add(
        paths.isEmpty()
            ? operation.directory() + " holds no new savepoint of the job"
            : "several savepoints may be the one: " + String.join(", ", paths));
    // On another machine a directory of the same name can be another directory.
    boolean certain = remembered || (paths.isEmpty() && Place.isHere(flink.address()));
    return new Found(null, false, state, certain && paths.isEmpty(), seen);
  }

  private List<String> stored(TrackedOperation operation, long before, StateStorage storage) {
    StateReader reader = new StateReader(plugins);
    return storage.savepoints(operation.jobId()).stream()
        .filter(state -> state.changed().isAfter(operation.at().minus(SKEW)))
        .map(StoredState::path)
        .filter(
            path ->
                reader.read(path) instanceof StateReading.Whole whole
                    && whole.file().checkpointId() > before)
        .toList();
  }
}
