package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.operation.catalogue.JobArguments;
import dev.trafficctl.cli.process.NextRestart;
import dev.trafficctl.model.Setting;
import dev.trafficctl.model.StartingPosition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a restart is asked for.
 *
 * @param job the job's name or id, or null for the only one
 * @param from from where it is started again
 * @param parallelism the new parallelism, or null to keep it
 * @param changes settings that are changed, by name
 * @param settings all settings of a job that nothing is known of any more; empty otherwise
 * @param jar the jar that is started
 * @param jarIsGiven whether the user has named the jar, so that it may be another than before
 * @param allowNonRestoredState whether state that no operator takes may be left behind
 * @param allowStateOfAnotherJob whether a state may be restored that is of another job by what both
 *     tell
 * @param allowMissingSlots whether slots that are missing will come, as the user says
 * @param knownKafka the {@code --kafka-url} that the job before has, or null if that is not known
 * @param options the options that say which cluster is meant, to be repeated in a command that is
 *     recommended
 */
public record RestartRequest(
    String job,
    From from,
    Integer parallelism,
    Map<String, String> changes,
    List<String> settings,
    Path jar,
    boolean jarIsGiven,
    boolean allowNonRestoredState,
    boolean allowStateOfAnotherJob,
    boolean allowMissingSlots,
    String knownKafka,
    List<String> options) {
  /** With copies of lists and maps. */
  public RestartRequest {
    changes = Map.copyOf(changes);
    settings = List.copyOf(settings);
    options = List.copyOf(options);
  }

  /**
   * Whether another Kafka is named than the job before has, as a change or among all settings, so
   * that what is known of the job's Kafka, such as the address that is right from this machine,
   * says nothing of it. The address that the job has is one that the JobManager reaches, be it that
   * this machine does not.
   */
  public boolean namesKafka() {
    return kafka().filter(url -> !url.equals(knownKafka)).isPresent();
  }

  /** The Kafka that the operator names, as a change or among all settings. */
  public Optional<String> kafka() {
    return Optional.ofNullable(changes.get(Setting.KAFKA_URL.argument()))
        .or(() -> new JobArguments(settings).given(Setting.KAFKA_URL));
  }

  /** The same, with the {@code --kafka-url} that the job before has, or null. */
  public RestartRequest knowing(String kafka) {
    return new RestartRequest(
        job,
        from,
        parallelism,
        changes,
        settings,
        jar,
        jarIsGiven,
        allowNonRestoredState,
        allowStateOfAnotherJob,
        allowMissingSlots,
        kafka,
        options);
  }

  /** Whether something is changed of what the job before read. */
  boolean movesTopic() {
    return changes.containsKey(Setting.KAFKA_URL.argument())
        || changes.containsKey(Setting.KAFKA_TOPIC.argument());
  }

  /** The same of a job of this name, with a jar. */
  NextRestart again(String jobName, String file) {
    return again(jobName, from.next(), file, allowNonRestoredState, allowStateOfAnotherJob);
  }

  /** The same, from somewhere. */
  NextRestart again(String jobName, NextRestart.Start start) {
    return again(jobName, start, givenJar(), allowNonRestoredState, allowStateOfAnotherJob);
  }

  /** The same, and state that no operator takes may be left behind. */
  NextRestart againWithLess(String jobName) {
    return againWithLess(jobName, from.next());
  }

  /** The same, from somewhere. */
  NextRestart againWithLess(String jobName, NextRestart.Start start) {
    return again(jobName, start, givenJar(), true, allowStateOfAnotherJob);
  }

  /** The same, and a state of another job may be restored. */
  NextRestart againFromAnotherJob(String jobName) {
    return again(jobName, from.next(), givenJar(), allowNonRestoredState, true);
  }

  /** The same without state, from a position. */
  NextRestart againWithoutState(StartingPosition position, String jobName) {
    return again(jobName, new NextRestart.Position(position), givenJar(), false, false);
  }

  private String givenJar() {
    return jarIsGiven ? jar.toString() : null;
  }

  private NextRestart again(
      String jobName,
      NextRestart.Start start,
      String file,
      boolean withLess,
      boolean fromAnotherJob) {
    return new NextRestart(
        jobName,
        start,
        parallelism,
        changes,
        file,
        withLess,
        fromAnotherJob,
        allowMissingSlots,
        settings);
  }
}
