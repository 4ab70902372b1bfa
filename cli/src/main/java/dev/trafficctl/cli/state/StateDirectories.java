package dev.trafficctl.cli.state;

import dev.trafficctl.cli.context.Cluster;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The directories in which savepoints and checkpoints of a cluster lie: those of the context, else
 * those of Flink's configuration. Whoever looks for either looks into both, since one may be moved
 * to the other, and one directory may serve for both.
 *
 * @param savepoints where savepoints go, or null if that is not known
 * @param checkpoints where retained checkpoints go, or null if that is not known
 */
public record StateDirectories(String savepoints, String checkpoints) {
  /** Flink's options for where savepoints go, that which holds first; the last is its old name. */
  public static final List<String> SAVEPOINT_OPTIONS =
      List.of("execution.checkpointing.savepoint-dir", "state.savepoints.dir");

  private static final List<String> CHECKPOINT_OPTIONS =
      List.of("execution.checkpointing.dir", "state.checkpoints.dir");

  /** Those of the context alone, or none where there is no cluster. */
  public static StateDirectories given(Cluster cluster) {
    return cluster == null
        ? new StateDirectories(null, null)
        : new StateDirectories(cluster.savepoints(), cluster.checkpoints());
  }

  /**
   * Those of the context, and of Flink's configuration where the context has none.
   *
   * @throws dev.trafficctl.cli.process.CommandException when Flink has to be asked and cannot be
   */
  public static StateDirectories of(Cluster cluster) {
    StateDirectories given = given(cluster);
    if (given.savepoints != null && given.checkpoints != null) {
      return given;
    }
    Map<String, String> options = cluster.flink().clusterConfig();
    return new StateDirectories(
        given.savepoints == null ? first(options, SAVEPOINT_OPTIONS) : given.savepoints,
        given.checkpoints == null ? first(options, CHECKPOINT_OPTIONS) : given.checkpoints);
  }

  private static String first(Map<String, String> options, List<String> names) {
    return names.stream().map(options::get).filter(Objects::nonNull).findFirst().orElse(null);
  }

  /** Where savepoints go, or checkpoints, if that is known. */
  public Optional<String> of(boolean savepoint) {
    return Optional.ofNullable(savepoint ? savepoints : checkpoints);
  }

  /** Both, each place once, in the spelling in which it was given first. */
  public List<String> all() {
    Map<StatePath, String> all = new LinkedHashMap<>();
    Stream.of(checkpoints, savepoints)
        .filter(Objects::nonNull)
        .forEach(directory -> all.putIfAbsent(StatePath.of(directory), directory));
    return List.copyOf(all.values());
  }
}
