package dev.trafficctl.cli.lag;

import dev.trafficctl.cli.flink.Checkpoint;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.cli.state.StateOrder;
import dev.trafficctl.cli.state.StateReader;
import dev.trafficctl.cli.state.StateReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The files of a running job's checkpoints. Each is read once, however often it is asked for. */
final class CheckpointFiles {
  private final StateReader reader = new StateReader();
  private final Map<String, StateFile> read = new ConcurrentHashMap<>();

  /** The few newest that can be restored, the newest first. */
  static List<Checkpoint> restorable(Checkpoints checkpoints) {
    if (checkpoints == null) {
      return List.of();
    }
    List<Checkpoint> all = new ArrayList<>(checkpoints.history());
    if (all.isEmpty() && checkpoints.latestCompleted() != null) {
      all.add(checkpoints.latestCompleted());
    }
    return all.stream()
        .filter(Checkpoint::restorable)
        .sorted(StateOrder.newestFirst(Checkpoint::complete, Checkpoint::path))
        // Of what is older Flink may not have told yet that it is gone.
        .limit(3)
        .toList();
  }

  /** The first that can be read from here, or null. */
  StateFile first(List<Checkpoint> checkpoints) {
    for (Checkpoint checkpoint : checkpoints) {
      StateFile file = file(checkpoint);
      if (file != null) {
        return file;
      }
    }
    return null;
  }

  /** What is in a checkpoint, or null if it cannot be read from here. */
  StateFile file(Checkpoint checkpoint) {
    StateFile before = read.get(checkpoint.path());
    if (before != null) {
      return before;
    }
    StateFile file =
        reader.readKnown(checkpoint.path()) instanceof StateReading.Whole whole
            ? whole.file()
            : null;
    if (file != null) {
      read.put(checkpoint.path(), file);
    }
    return file;
  }
}
