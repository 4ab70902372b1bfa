package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.context.UnnamedAddressException;
import dev.trafficctl.cli.kafka.EventLog;
import dev.trafficctl.cli.kafka.StartPlan;
import dev.trafficctl.cli.kafka.StartPlanner;
import dev.trafficctl.cli.kafka.TopicLog;
import dev.trafficctl.cli.operation.catalogue.NewestState;
import dev.trafficctl.cli.operation.catalogue.ReadTopic;
import dev.trafficctl.cli.operation.change.RestartPlan;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.SkippedEvents;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.cli.state.StatePath;
import dev.trafficctl.cli.state.StateReading;
import dev.trafficctl.kafka.NotKafkaException;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.StartingPosition;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Works out where a restart begins to read each partition. */
final class StartOffsets {
  private static final String UNKNOWN = "what each partition is read from is not known before";

  private final NewestState states;
  private final RestartPlanner.Topics topics;
  private final Clock clock;

  StartOffsets(NewestState states, RestartPlanner.Topics topics, Clock clock) {
    this.states = states;
    this.topics = topics;
    this.clock = clock;
  }

  /**
   * The plan for the partitions before the job has ended.
   *
   * @param settings those of the new job
   * @param group that of the job before
   * @param warn is told what cannot be known before
   * @return the plan, or null where it cannot be known before
   * @throws CommandException when a position cannot be honoured, the state is of another topic, or
   *     its source goes on behind events that were never processed, or something else than Kafka
   *     answers where another Kafka is named
   */
  StartPlan beforeEnd(
      RestartScene scene,
      Settings settings,
      String group,
      Restored restored,
      Consumer<String> warn) {
    From from = scene.from();
    boolean position = from instanceof From.Position;
    StateFile state = restored.file();
    // A Kafka that is named is looked at in any case, lest the job is ended for one that is none.
    if (!position && state == null && !scene.request().namesKafka()) {
      warn.accept(UNKNOWN);
      return null;
    }
    try (EventLog log = topics.open(settings)) {
      if (!position && state == null) {
        log.ranges();
        warn.accept(UNKNOWN);
        return null;
      }
      if (state != null) {
        new ReadTopic(settings.kafkaTopic(), log.id()).require(state);
        if (!restored.whatEnds()) {
          refuseSkippedEvents(scene, SkippedEvents.of(state, settings.kafkaTopic(), log));
        }
      }
      Map<Integer, Long> current = current(scene, settings.kafkaTopic(), group, log);
      StartPlanner planner = new StartPlanner(log, settings.kafkaTopic(), clock);
      return position
          ? planner.plan(((From.Position) from).position(), settings.kafkaGroup(), current)
          : planner.planRestored(
              restored.whatEnds() && !current.isEmpty()
                  ? current
                  : state.next(settings.kafkaTopic()),
              current,
              left ->
                  scene.next().restart(scene.request().againWithoutState(left, scene.jobName())));
    } catch (CommandException e) {
      // The Kafka that the job has was good for it: whether it is still, the JobManager finds out.
      boolean elsewhere = e.getCause() instanceof NotKafkaException && scene.request().namesKafka();
      boolean unseen = e.exitCode() == ExitCode.UNREACHABLE || e instanceof UnnamedAddressException;
      if (position || elsewhere || !unseen) {
        throw e;
      }
      warn.accept(e.getMessage());
      warn.accept(UNKNOWN);
      return null;
    }
  }

  private static void refuseSkippedEvents(RestartScene scene, SkippedEvents skipped) {
    if (!skipped.isEmpty()) {
      throw new CommandException(
          ExitCode.REFUSED,
          skipped.words(
              scene
                  .next()
                  .restart(scene.request().againWithoutState(skipped.before(), scene.jobName()))));
    }
  }

  /** The offsets that the job would read next, as of its newest checkpoint or savepoint. */
  private Map<Integer, Long> current(RestartScene scene, String topic, String group, TopicLog log) {
    Optional<StateFile> newest = states.newestFile(scene.jobName(), scene.jobs(), scene.line());
    if (newest.isPresent()) {
      return log.id().equals(newest.get().topicId()) ? newest.get().next(topic) : Map.of();
    }
    return scene.request().movesTopic() ? Map.of() : log.committed(group);
  }

  /**
   * The plan for the partitions, now that the job has ended: with what it had read at its end.
   *
   * @param restore what is restored, or null to start without state
   * @param ended the savepoint or checkpoint that came into being as the job ended, or null
   * @param settings those of the new job
   * @return the plan, or the one from before where more is not known
   */
  StartPlan afterEnd(RestartPlan plan, Settings settings, String restore, String ended) {
    StateFile last = file(ended);
    StateFile state = file(restore);
    boolean known = last != null && (restore == null ? plan.partitions() != null : state != null);
    if (!known) {
      return plan.partitions();
    }
    try (TopicLog log = topics.open(settings)) {
      Map<Integer, Long> current =
          log.id().equals(last.topicId())
              ? last.next(settings.kafkaTopic())
              : Map.<Integer, Long>of();
      StartPlanner planner = new StartPlanner(log, settings.kafkaTopic(), clock);
      return restore == null
          ? planner.plan(plan.partitions().pinned(), settings.kafkaGroup(), current)
          : planner.planRestored(
              state.next(settings.kafkaTopic()), current, StartingPosition::text);
    } catch (CommandException e) {
      return plan.partitions();
    }
  }

  private StateFile file(String path) {
    return path != null && states.read(StatePath.of(path)) instanceof StateReading.Whole whole
        ? whole.file()
        : null;
  }
}
