package dev.trafficctl.cli.operation;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.flink.SavepointFormat;
import dev.trafficctl.cli.flink.Submission;
import dev.trafficctl.cli.journal.Asked;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.kafka.StartPlan;
import dev.trafficctl.cli.operation.RestartPlan.End;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Ends a job and starts it again. The way back is known before anything is started. */
public final class Restart {
  /** What it is called in the journal. */
  public static final String VERB = "restart";

  private final Session session;
  private final FlinkClient flink;
  private final RestartPlanner planner;

  /** With what it works with, and who planned it. */
  public Restart(Session session, RestartPlanner planner) {
    this.session = session;
    this.flink = session.flink();
    this.planner = planner;
  }

  /**
   * Carries out a plan.
   *
   * @param lock the right to change the job; it was held before the plan was made
   * @throws CommandException when nothing was changed
   */
  public Result run(JobLock lock, RestartPlan plan, RestartRequest request) {
    RestartOrder order = RestartOrder.of(plan, request);
    Submission submission = new JobStart(session).submission();
    submission.requireNoneRuns(order.start().jobName(), order.before());
    Ending ending = ending(plan, request);
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
                    session.patience());
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

  private Ending ending(RestartPlan plan, RestartRequest request) {
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
