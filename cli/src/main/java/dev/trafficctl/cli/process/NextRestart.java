package dev.trafficctl.cli.process;

import dev.trafficctl.model.StartingPosition;
import java.util.List;
import java.util.Map;

/**
 * A restart that somebody asks for next.
 *
 * @param job the name of the job that is replaced
 * @param start from where it is started again
 * @param parallelism the new parallelism, or null to keep it
 * @param changes settings that are changed, by name
 * @param jar the jar that is started, or null for the one that comes with this program
 * @param allowNonRestoredState whether state that no operator takes may be left behind
 * @param allowStateOfAnotherJob whether a state of another job may be restored
 * @param allowMissingSlots whether slots that are missing will come
 * @param settings all settings of a job that nothing is known of any more; empty otherwise
 */
public record NextRestart(
    String job,
    Start start,
    Integer parallelism,
    Map<String, String> changes,
    String jar,
    boolean allowNonRestoredState,
    boolean allowStateOfAnotherJob,
    boolean allowMissingSlots,
    List<String> settings) {
  /** With copies of the settings. */
  public NextRestart {
    changes = Map.copyOf(changes);
    settings = List.copyOf(settings);
  }

  /** One that keeps all but from where the job is started. */
  public static NextRestart of(String job, Start start) {
    return new NextRestart(job, start, null, Map.of(), null, false, false, false, List.of());
  }

  /** From where a job is started again. */
  public sealed interface Start {
    /**
     * From a savepoint or a checkpoint.
     *
     * @param path where it lies, or null for the newest
     */
    static Start state(boolean savepoint, String path) {
      return savepoint ? new Savepoint(path) : new Checkpoint(path);
    }
  }

  /** From where it stands. */
  public record WhereItStands() implements Start {}

  /**
   * From a savepoint.
   *
   * @param path where it lies, or null for the newest
   */
  public record Savepoint(String path) implements Start {}

  /**
   * From a checkpoint.
   *
   * @param path where it lies, or null for the newest
   */
  public record Checkpoint(String path) implements Start {}

  /** Without state, from a position in the topic. */
  public record Position(StartingPosition position) implements Start {}
}
