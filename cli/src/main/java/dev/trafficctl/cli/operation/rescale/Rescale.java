package dev.trafficctl.cli.operation.rescale;

import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.FlinkUnreachableException;
import dev.trafficctl.cli.flink.JobDetails;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.flink.ParallelismBounds;
import dev.trafficctl.cli.journal.Asked;
import dev.trafficctl.cli.journal.Entry;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.operation.change.FlinkDeadline;
import dev.trafficctl.cli.operation.change.Follower;
import dev.trafficctl.cli.operation.change.Plan;
import dev.trafficctl.cli.operation.change.Prepared;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.operation.change.TrackedOperation;
import dev.trafficctl.cli.operation.start.SlotCheck;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Changes the parallelism of a job that runs under the adaptive scheduler. */
public final class Rescale implements Follower {
  /** What it is called in the journal. */
  public static final String VERB = "rescale";

  private static final String PARALLELISM = "parallelism";

  private final Session session;
  private final FlinkClient flink;

  /** With what it works with. */
  public Rescale(Session session) {
    this.session = session;
    this.flink = session.flink();
  }

  /**
   * Looks whether it can be done.
   *
   * @param allowMissingSlots whether slots that are missing will come, as the user says
   * @throws CommandException with {@link ExitCode#REFUSED} when it is more than the job can have
   */
  public Prepared prepare(JobSummary job, int parallelism, boolean allowMissingSlots) {
    JobDetails details =
        flink
            .job(job.id())
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.FAILED, "Flink no longer knows the job " + job.id()));
    if (details.maxParallelism() > 0 && parallelism > details.maxParallelism()) {
      throw new CommandException(
          ExitCode.REFUSED,
          "parallelism %d is more than the job's max parallelism %d; give at most that"
              .formatted(parallelism, details.maxParallelism()));
    }
    int now = details.parallelism();
    List<String> warnings = new ArrayList<>();
    new SlotCheck(session)
        .require(
            new SlotCheck.Wanted(parallelism, job.id(), allowMissingSlots, null),
            there -> "the job would go on with parallelism " + there,
            warnings::add);
    Plan plan =
        new Plan(
            VERB,
            session.cluster().shown(),
            job.name(),
            job.id(),
            "rescale the job " + job.name(),
            List.of(
                "ask Flink's adaptive scheduler for parallelism %d of %s (%s) instead of %d"
                    .formatted(parallelism, job.name(), job.id(), now),
                "let it go on from its newest checkpoint; what was read since is read again, and"
                    + " written only once"),
            warnings);
    return new Prepared(plan, lock -> rescale(lock, job, parallelism));
  }

  private Result rescale(JobLock lock, JobSummary job, int parallelism) {
    Map<String, String> options = Map.of(PARALLELISM, Integer.toString(parallelism));
    Asked asked =
        new Asked(
            VERB, flink.address(), session.cluster().context(), job.id(), job.name(), options);
    return session.journaled(
        lock,
        asked,
        entry -> {
          TrackedOperation operation =
              new TrackedOperation(entry.id(), asked, session.clock().instant());
          try {
            flink.requireParallelism(job.id(), wanted(job.id(), parallelism));
          } catch (FlinkUnreachableException e) {
            if (!e.mayHaveArrived()) {
              return operation.ended(e.exitCode(), null, e.getMessage() + "; nothing was done");
            }
            session.progress().step("the answer was lost; asking Flink what became of it");
          } catch (CommandException e) {
            return operation.ended(e.exitCode(), null, e.getMessage() + "; nothing was done");
          }
          return follow(operation, session.deadline(), details -> open(operation, details));
        });
  }

  private Map<String, ParallelismBounds> wanted(JobId id, int parallelism) {
    Map<String, ParallelismBounds> wanted = new TreeMap<>();
    flink
        .parallelismBounds(id)
        .orElse(Map.of())
        .forEach(
            (vertex, bounds) ->
                wanted.put(
                    vertex,
                    new ParallelismBounds(Math.min(bounds.lower(), parallelism), parallelism)));
    return wanted;
  }

  @Override
  public Result settle(Operation operation, Entry entry, FlinkDeadline deadline) {
    TrackedOperation rescale = TrackedOperation.of(operation);
    return follow(rescale, deadline, job -> partly(rescale, job));
  }

  /** Waits on: there may be enough slots later. */
  @Override
  public Result finish(Operation operation, Entry entry, FlinkDeadline deadline) {
    TrackedOperation rescale = TrackedOperation.of(operation);
    return follow(rescale, deadline, job -> open(rescale, job));
  }

  private Result open(TrackedOperation operation, JobDetails job) {
    return operation.open(
        null,
        "%s; find out with: %s"
            .formatted(sofar(operation, job), session.next().resume(operation.id())));
  }

  /** Flink keeps the request, so that nothing has to follow it. */
  private static Result partly(TrackedOperation operation, JobDetails job) {
    return operation.ended(
        ExitCode.PARTLY_DONE,
        null,
        sofar(operation, job) + "; Flink gives it more once there are slots");
  }

  private static String sofar(TrackedOperation operation, JobDetails job) {
    return "Flink was asked for parallelism %d of %s, which is %s with parallelism %d: %d of %d tasks run"
        .formatted(
            parallelism(operation),
            operation.name(),
            job.state(),
            job.parallelism(),
            job.runningTasks(),
            job.tasks());
  }

  private static int parallelism(TrackedOperation operation) {
    return Integer.parseInt(operation.options().get(PARALLELISM));
  }

  /**
   * Looks until it is known how it ended.
   *
   * @param over makes the result when the time is over
   */
  private Result follow(
      TrackedOperation operation, FlinkDeadline deadline, Function<JobDetails, Result> over) {
    int parallelism = parallelism(operation);
    try {
      Map<String, ParallelismBounds> asked =
          deadline.ask(() -> flink.parallelismBounds(operation.jobId())).orElse(Map.of());
      if (asked.isEmpty()
          || asked.values().stream().anyMatch(bounds -> bounds.upper() != parallelism)) {
        return operation.ended(
            ExitCode.FAILED,
            null,
            operation.name() + " was not rescaled; Flink has no such request");
      }
      while (true) {
        Optional<JobDetails> job = deadline.ask(() -> flink.job(operation.jobId()));
        if (job.isEmpty() || job.get().ended()) {
          return operation.ended(
              ExitCode.FAILED,
              null,
              operation.name()
                  + " has ended meanwhile; see: "
                  + session.next().status(operation.parameter()));
        }
        boolean all =
            job.get().vertices().stream().allMatch(vertex -> vertex.parallelism() == parallelism);
        if (all && job.get().allTasksRun()) {
          return operation.ended(
              ExitCode.DONE,
              null,
              "%s (%s) runs with parallelism %d"
                  .formatted(operation.name(), operation.jobId(), parallelism));
        }
        if (deadline.isOver()) {
          return over.apply(job.get());
        }
        session.progress().update("the job is " + job.get().state());
        deadline.pause();
      }
    } catch (CommandException e) {
      // Be it an error: it tells nothing of how the request ends.
      return operation.open(
          null,
          e.getMessage()
              + "\nwhether the job was rescaled is not known; find out with: "
              + session.next().resume(operation.id()));
    }
  }
}
