package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.flink.SavepointFormat;
import dev.trafficctl.cli.journal.Asked;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.kafka.EventLog;
import dev.trafficctl.cli.kafka.JobTopic;
import dev.trafficctl.cli.kafka.StartPlan;
import dev.trafficctl.cli.operation.change.Change;
import dev.trafficctl.cli.operation.change.Plan;
import dev.trafficctl.cli.operation.change.Prepared;
import dev.trafficctl.cli.operation.change.RestartPlan;
import dev.trafficctl.cli.operation.change.RestartPlan.End;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.operation.savepoint.SavepointRequest;
import dev.trafficctl.cli.operation.start.Submission;
import dev.trafficctl.cli.operation.stop.Cancel;
import dev.trafficctl.cli.operation.stop.Stop;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.Settings;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Ends a job and starts it again. The way back is known before anything is started. */
public final class Restart implements Change {
  /** What it is called in the journal. */
  public static final String VERB = "restart";

  private final Session session;
  private final FlinkClient flink;
  private final RestartPlanner planner;
  private final RestartRequest request;
  private final String jobName;

  /**
   * Finds the job that is meant.
   *
   * @throws CommandException when none is found, or more than one
   */
  public Restart(Session session, RestartRequest asked) {
    this.session = session;
    this.flink = session.flink();
    RestartPlanner finder = new RestartPlanner(session, settings -> topic(settings, asked));
    this.jobName = finder.jobName(asked);
    this.request = finder.known(asked, jobName);
    this.planner = new RestartPlanner(session, settings -> topic(settings, request));
  }

  /** By the address that the cluster has for its Kafka, unless the new job's is named. */
  private EventLog topic(Settings settings, RestartRequest asked) {
    Cluster cluster = session.cluster();
    boolean asRequested =
        asked.namesKafka() || (cluster.kafkaUrl() == null && asked.kafka().isPresent());
    return JobTopic.of(
            settings,
            asRequested
                ? Destination.named(settings.kafkaUrl(), cluster.environment())
                : cluster.kafka(settings),
            cluster.kafkaProperties(),
            cluster.next())
        .open();
  }

  @Override
  public String verb() {
    return VERB;
  }

  @Override
  public String job() {
    return jobName;
  }

  @Override
  public Prepared prepare() {
    RestartPlan plan = planner.plan(request, jobName);
    return new Prepared(
        new Plan(
                VERB,
                session.cluster().shown(),
                jobName,
                plan.beforeId(),
                "restart the job " + jobName,
                plan.steps(),
                plan.warnings())
            .restarting(plan),
        lock -> run(lock, plan));
  }

  private Result run(JobLock lock, RestartPlan plan) {
    RestartOrder order = RestartOrder.of(plan, request);
    Submission submission = Submission.of(session);
    submission.requireNoneRuns(order.start().jobName(), order.before());
    Ending ending = ending(plan);
    session.progress().step("uploading " + plan.jar());
    String jarId = submission.upload(plan.jar());
    try {
      if (ending != null) {
        rehearse(plan, jarId);
      }
      Asked asked =
          new Asked(
              VERB,
              flink.address(),
              session.cluster().context(),
              plan.beforeId(),
              plan.jobName(),
              order.options());
      return session.journaled(
          lock,
          asked,
          entry -> {
            session.done(entry, "uploaded", Map.of(RestartSteps.JAR_ID, jarId));
            RestartSteps.Ways ways =
                new RestartSteps.Ways(
                    ending == null ? null : () -> end(lock, plan, ending),
                    wayBack -> partitions(plan, wayBack),
                    jarId,
                    true,
                    session.deadline());
            return new RestartSteps(session, order, entry, ways).from(new RestartSteps.At.Begun());
          });
    } finally {
      submission.discard(jarId);
    }
  }

  private void rehearse(RestartPlan plan, String jarId) {
    session.progress().step("letting the new job look whether it could start");
    new Rehearsal(flink)
        .run(
            jarId, plan.start(), plan.restore(), plan.restore() != null || plan.restoresWhatEnds());
  }

  /**
   * How the job before is ended.
   *
   * @param asked whether that was written down, which is done before Flink is asked
   */
  private record Ending(Prepared prepared, AtomicBoolean asked) {}

  private Ending ending(RestartPlan plan) {
    if (plan.end() == End.NONE) {
      return null;
    }
    AtomicBoolean asked = new AtomicBoolean();
    // Whoever leaves with Ctrl-C is to come back to the restart, not to a part of it.
    Session part =
        new Session(
            session.cluster(),
            session.journal(),
            session.clock(),
            session.sleeper(),
            session.progress(),
            session.timeout(),
            id -> asked.set(true));
    JobSummary job = plan.before();
    if (plan.end() == End.STOP) {
      Prepared stop =
          new Stop(part)
              .prepare(job, new SavepointRequest(null, SavepointFormat.CANONICAL, false, false));
      stop.plan().warnings().forEach(warning -> session.tell("warning: " + warning));
      return new Ending(stop, asked);
    }
    return new Ending(new Cancel(part).prepare(job, request.from().stateIsGiven()), asked);
  }

  private Result end(JobLock lock, RestartPlan plan, Ending ending) {
    session
        .progress()
        .step(
            (plan.end() == End.STOP ? "stopping" : "cancelling")
                + " the job "
                + plan.jobName()
                + " ("
                + plan.beforeId()
                + ")");
    try {
      Result ended = ending.prepared().run(lock);
      if (ended.outcome() == ExitCode.DONE) {
        session.tell(ended.message());
      }
      return ended;
    } catch (CommandException e) {
      if (ending.asked().get()) {
        throw e;
      }
      return notAsked(plan, e);
    }
  }

  private static Result notAsked(RestartPlan plan, CommandException e) {
    return new Result(
        null,
        VERB,
        plan.jobName(),
        plan.beforeId(),
        e.exitCode(),
        null,
        null,
        e.getMessage() + "\nthe job was not asked to end",
        false);
  }

  private StartPlan partitions(RestartPlan plan, String ended) {
    return ended == null
        ? plan.partitions()
        : planner.afterEnd(plan, plan.restoresWhatEnds() ? ended : plan.restore(), ended);
  }
}
