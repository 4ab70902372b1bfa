package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.kafka.EventLog;
import dev.trafficctl.cli.kafka.StartPlan;
import dev.trafficctl.cli.operation.catalogue.Descent;
import dev.trafficctl.cli.operation.catalogue.JobArguments;
import dev.trafficctl.cli.operation.catalogue.JobLine;
import dev.trafficctl.cli.operation.catalogue.NewestState;
import dev.trafficctl.cli.operation.catalogue.StartSource;
import dev.trafficctl.cli.operation.change.RestartPlan;
import dev.trafficctl.cli.operation.change.RestartPlan.End;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.operation.start.Submission;
import dev.trafficctl.cli.postgres.JobDatabase;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.model.Setting;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.StartDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Plans a restart: how the job ends, what is restored, how the new job is started, and where it
 * begins to read. It changes nothing, and refuses everything that can be refused before the job is
 * stopped but what the {@link Rehearsal}, which has the list, finds out.
 */
public final class RestartPlanner {
  private final ReplacedJob replaced;
  private final EndChoice ends;
  private final RestoreChoice restores;
  private final StartChoice starts;
  private final JarCheck jars;
  private final StateLeftBehind leftBehind;
  private final StartOffsets offsets;
  private final Submission submission;

  /** How a topic is looked at. */
  @FunctionalInterface
  public interface Topics {
    /** The topic that a job with these settings reads, as it is reached from this machine. */
    EventLog open(Settings settings);
  }

  /** With what it works with, and how the topic is looked at. */
  public RestartPlanner(Session session, Topics topics) {
    Cluster cluster = session.cluster();
    NewestState states = new NewestState(cluster);
    this.starts = new StartChoice(session);
    this.replaced =
        new ReplacedJob(
            cluster, states, new Descent(session.flink(), session.journal()), starts, topics);
    this.ends = new EndChoice(session, states);
    this.restores = new RestoreChoice(cluster, states, session.clock());
    this.jars = new JarCheck();
    this.leftBehind = new StateLeftBehind(states);
    this.offsets = new StartOffsets(states, topics, session.clock());
    this.submission = Submission.of(session);
  }

  /**
   * The name of the job that is meant, be it that Flink no longer knows it.
   *
   * @throws CommandException when none is found, or more than one
   */
  public String jobName(RestartRequest request) {
    return replaced.name(request);
  }

  /** The request, and what has to be known of the job of this name to tell what it changes. */
  public RestartRequest known(RestartRequest request, String jobName) {
    return request.namesKafka() ? request.knowing(replaced.kafka(jobName).orElse(null)) : request;
  }

  /**
   * The plan.
   *
   * @param jobName as {@link #jobName} found it
   * @throws CommandException when it cannot be done, or is not safe
   */
  public RestartPlan plan(RestartRequest request, String jobName) {
    List<String> warnings = new ArrayList<>();
    RestartScene scene = replaced.scene(request, jobName);
    End end = ends.end(scene, warnings::add);
    Restored restored = restores.restored(scene, end, warnings::add);
    StartSource.Found source = starts.source(scene, restored.file());
    StartDescription previous = source.description();
    Settings settings = starts.settings(previous.arguments(), request.changes());
    starts.maxParallelism(scene, previous, settings, restored, warnings::add);
    int parallelism = starts.parallelism(scene, previous, settings, restored, end, warnings::add);
    JobDatabase.warning(settings.postgresUrl()).ifPresent(warnings::add);
    jars.check(scene, previous, warnings::add);
    leftBehind.check(scene, restored, warnings::add);
    submission.requireNoneRuns(
        settings.jobName(), scene.before() == null ? null : scene.before().id());
    String group =
        new JobArguments(previous.arguments())
            .value(Setting.KAFKA_GROUP)
            .orElse(settings.kafkaGroup());
    StartPlan partitions = offsets.beforeEnd(scene, settings, group, restored, warnings::add);
    JobArguments arguments = new JobArguments(settings.toArguments());
    if (!(request.from() instanceof From.Position)) {
      JobLine.otherTables(previous.arguments(), arguments.list()).ifPresent(warnings::add);
    }
    if (request.from() instanceof From.Position) {
      arguments = arguments.with(Setting.STARTING_OFFSETS.argument(), partitions.pinned().text());
    }
    return new RestartPlan(
        jobName,
        scene.before(),
        end,
        new StartDescription(
            settings.jobName(),
            parallelism,
            arguments.list(),
            previous.version(),
            previous.jarSha256()),
        previous,
        source.from(),
        request.jar(),
        restored.whatEnds() ? null : restored.path(),
        restored.whatEnds(),
        request.allowNonRestoredState(),
        partitions,
        warnings);
  }

  /**
   * The plan for the partitions, now that the job has ended: with what it had read at its end.
   *
   * @param restore what is restored, or null to start without state
   * @param ended the savepoint or checkpoint that came into being as the job ended, or null
   * @return the plan, or the one from before where more is not known
   */
  StartPlan afterEnd(RestartPlan plan, String restore, String ended) {
    Settings settings = starts.settings(plan.start().arguments(), Map.of());
    return offsets.afterEnd(plan, settings, restore, ended);
  }
}
