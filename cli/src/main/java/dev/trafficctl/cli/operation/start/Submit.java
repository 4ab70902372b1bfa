package dev.trafficctl.cli.operation.start;

import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JarRunRequest;
import dev.trafficctl.cli.flink.JobConfig;
import dev.trafficctl.cli.flink.JobDetails;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.journal.Asked;
import dev.trafficctl.cli.journal.Entry;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.journal.StartKeys;
import dev.trafficctl.cli.operation.catalogue.JobArguments;
import dev.trafficctl.cli.operation.change.Change;
import dev.trafficctl.cli.operation.change.FlinkDeadline;
import dev.trafficctl.cli.operation.change.Follower;
import dev.trafficctl.cli.operation.change.Plan;
import dev.trafficctl.cli.operation.change.Prepared;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.operation.change.TrackedOperation;
import dev.trafficctl.cli.operation.savepoint.SavepointPlan;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.postgres.JobDatabase;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.Setting;
import dev.trafficctl.model.StartDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Starts a job that does not run. */
public final class Submit implements Follower {
  /** What it is called in the journal. */
  public static final String VERB = "submit";

  private static final String JAR = "jar";
  private static final String DETACH = "detach";

  private final Session session;
  private final FlinkClient flink;
  private final JobStart start;
  private final Submission submission;

  /** With what it works with. */
  public Submit(Session session) {
    this.session = session;
    this.flink = session.flink();
    this.start = new JobStart(session);
    this.submission = Submission.of(session);
  }

  /** The start that is asked for. */
  public Change change(SubmitRequest request) {
    return new Change() {
      @Override
      public String verb() {
        return VERB;
      }

      @Override
      public String job() {
        return request.jobName();
      }

      @Override
      public Prepared prepare() {
        return Submit.this.prepare(request);
      }
    };
  }

  /**
   * Looks whether it can be done.
   *
   * @throws CommandException with {@link ExitCode#REFUSED} when a job of the name runs, or there
   *     are too few slots
   */
  private Prepared prepare(SubmitRequest request) {
    String name = request.jobName();
    submission.requireNoneRuns(name, null);
    List<String> warnings = new ArrayList<>();
    new SlotCheck(session)
        .require(
            new SlotCheck.Wanted(request.parallelism(), null, request.allowMissingSlots(), null),
            SlotCheck::waits,
            warnings::add);
    new JobArguments(request.arguments())
        .value(Setting.POSTGRES_URL)
        .flatMap(JobDatabase::warning)
        .ifPresent(warnings::add);
    Plan plan =
        new Plan(
            VERB,
            session.cluster().shown(),
            name,
            submission.nextId(name),
            "start the job " + name,
            List.of(
                "upload " + request.jar(),
                "start %s with parallelism %d, without state".formatted(name, request.parallelism())
                    + (request.arguments().isEmpty()
                        ? ""
                        : " and with "
                            + String.join(
                                " ", request.arguments().stream().map(Text::argument).toList())),
                request.detach()
                    ? "return as soon as Flink has the job"
                    : "wait until all its tasks run"),
            warnings);
    return new Prepared(plan, lock -> submit(lock, request));
  }

  private Result submit(JobLock lock, SubmitRequest request) {
    String name = request.jobName();
    FlinkDeadline deadline = session.deadline();
    submission.requireNoneRuns(name, null);
    session.progress().step("submitting " + request.jar() + " to " + flink.address());
    String jarId = submission.upload(request.jar());
    try {
      JobId id = submission.nextId(name);
      Map<String, String> options = new TreeMap<>();
      options.put(StartKeys.REQUEST, request.description().toJson());
      options.put(JAR, request.jar().toAbsolutePath().toString());
      options.put(DETACH, Boolean.toString(request.detach()));
      options.put(
          TrackedOperation.JOB_MANAGER,
          flink.clusterConfig().get(SavepointPlan.JOB_MANAGER_OPTION));
      options.values().removeIf(Objects::isNull);
      Asked asked =
          new Asked(VERB, flink.address(), session.cluster().context(), id, name, options);
      return session.journaled(lock, asked, entry -> start(entry, asked, request, jarId, deadline));
    } finally {
      submission.discard(jarId);
    }
  }

  private Result start(
      Entry entry, Asked asked, SubmitRequest request, String jarId, FlinkDeadline deadline) {
    TrackedOperation operation = new TrackedOperation(entry.id(), asked, session.clock().instant());
    JobId id = operation.jobId();
    try {
      start.ask(
          entry,
          jarId,
          operation.job(),
          new JarRunRequest(id, request.parallelism(), request.arguments(), null, false, Map.of()),
          Map.of(),
          deadline.left());
    } catch (CommandException e) {
      return e.exitCode() == ExitCode.OUTCOME_UNKNOWN
          ? operation.open(
              null, e.getMessage() + "\nfind out with: " + session.next().resume(operation.id()))
          : operation.ended(e.exitCode(), null, e.getMessage());
    }
    noteStart(operation, entry);
    if (request.detach()) {
      return operation.ended(
          ExitCode.DONE,
          null,
          "Flink has the job %s (%s); whether its tasks run is told by: %s"
              .formatted(operation.name(), id, status(id)));
    }
    return watch(operation, deadline);
  }

  /** The job itself knows more than what it was asked with: settings of its environment. */
  private void noteStart(TrackedOperation operation, Entry entry) {
    Map<String, String> details = new TreeMap<>();
    try {
      Optional<JobConfig> config = flink.jobConfig(operation.jobId());
      if (config.isPresent()) {
        String warning = config.get().userConfig().get(StartDescription.WARNING);
        if (warning != null) {
          session.progress().step("warning: " + warning);
        }
        details.put(
            StartKeys.START,
            StartDescription.of(
                    operation.job(), config.get().parallelism(), config.get().userConfig())
                .toJson());
      }
    } catch (CommandException | IllegalArgumentException e) {
      // What was asked is in the journal.
    }
    session.done(entry, StartKeys.STARTED, details);
  }

  private Result watch(TrackedOperation operation, FlinkDeadline deadline) {
    JobId id = operation.jobId();
    try {
      StartWatch.Outcome outcome = new StartWatch(session).await(id, deadline);
      session.progress().done();
      if (outcome instanceof StartWatch.Outcome.Failed failed) {
        return failed(operation, failed);
      }
      if (outcome instanceof StartWatch.Outcome.NotYet notYet) {
        return operation.open(
            null,
            "%s, %s (%s) was started %s ago; find out how it goes on with: %s%s"
                .formatted(
                    notYet.state(),
                    operation.name(),
                    id,
                    Text.age(deadline.elapsed()),
                    session.next().resume(operation.id()),
                    notYet.missing().map(why -> "\n" + why).orElse("")));
      }
      return runs(operation, deadline);
    } catch (CommandException e) {
      // Be it an error: it tells nothing of how the request ends.
      return operation.open(
          null,
          "%s%n%s (%s) was started, but whether it runs is not known; find out with: %s"
              .formatted(
                  e.getMessage(), operation.name(), id, session.next().resume(operation.id())));
    }
  }

  private Result failed(TrackedOperation operation, StartWatch.Outcome.Failed failed) {
    return operation.ended(
        failed.live() ? ExitCode.PARTLY_DONE : ExitCode.FAILED,
        null,
        "the job %s (%s) %s: %s%nsee: %s%s"
            .formatted(
                operation.name(),
                operation.jobId(),
                failed.live() ? "was started, but fails again and again" : "has failed",
                failed.cause(),
                session.next().exceptions(operation.jobId().text()),
                failed.live()
                    ? "\nonce that is mended it goes on by itself; give it up with: "
                        + session.next().cancel(operation.jobId().text())
                    : ""));
  }

  private Result runs(TrackedOperation operation, FlinkDeadline deadline) {
    Optional<String> others =
        start.others(operation.job(), null, session.next().stopOneById(), deadline);
    return others.isPresent()
        ? operation.ended(ExitCode.OUTCOME_UNKNOWN, null, others.get())
        : operation.ended(
            ExitCode.DONE,
            null,
            "all tasks of %s (%s) run".formatted(operation.name(), operation.jobId()));
  }

  @Override
  public Result settle(Operation operation, Entry entry, FlinkDeadline deadline) {
    return follow(operation, entry, deadline, false);
  }

  @Override
  public Result finish(Operation operation, Entry entry, FlinkDeadline deadline) {
    boolean waits = !Boolean.parseBoolean(operation.asked().options().get(DETACH));
    return follow(operation, entry, deadline, waits);
  }

  private Result follow(Operation begun, Entry entry, FlinkDeadline deadline, boolean waits) {
    TrackedOperation operation = TrackedOperation.of(begun);
    if (!begun.reached(StartKeys.STARTING)) {
      return notStarted(operation);
    }
    try {
      JobStart.Presence presence =
          start.await(
              begun,
              operation.job(),
              operation.jobId(),
              () -> !isSameJobManager(operation, deadline),
              deadline);
      if (presence instanceof JobStart.Presence.There there) {
        return found(operation, there, entry, deadline, waits);
      }
      if (presence instanceof JobStart.Presence.Forgotten) {
        return operation.ended(
            ExitCode.OUTCOME_UNKNOWN,
            null,
            "whether %s (%s) was started is not known: the JobManager was started anew since, and does not know it; see: %s"
                .formatted(operation.name(), operation.jobId(), session.next().allJobs()));
      }
      return presence instanceof JobStart.Presence.Never
          ? notStarted(operation)
          : operation.open(
              null,
              "the job %s (%s) may still be starting; find out with: %s"
                  .formatted(
                      operation.name(), operation.jobId(), session.next().resume(operation.id())));
    } catch (CommandException e) {
      // Be it an error: it tells nothing of how the request ends.
      return operation.open(
          null,
          "%s%nwhether %s was started is not known; find out with: %s"
              .formatted(e.getMessage(), operation.name(), session.next().resume(operation.id())));
    }
  }

  private boolean isSameJobManager(TrackedOperation operation, FlinkDeadline deadline) {
    return operation.jobManager() != null
        && operation
            .jobManager()
            .equals(deadline.ask(flink::clusterConfig).get(SavepointPlan.JOB_MANAGER_OPTION));
  }

  private static Result notStarted(TrackedOperation operation) {
    return operation.ended(
        ExitCode.FAILED, null, "the job " + operation.name() + " was not started");
  }

  private Result found(
      TrackedOperation operation,
      JobStart.Presence.There there,
      Entry entry,
      FlinkDeadline deadline,
      boolean waits) {
    if (there.another().isPresent()) {
      CommandException another = there.another().get();
      return operation.ended(another.exitCode(), null, another.getMessage());
    }
    noteStart(operation, entry);
    JobDetails job = there.job();
    if (waits || job.ended()) {
      return watch(operation, deadline);
    }
    return operation.ended(
        ExitCode.DONE,
        null,
        "the job %s (%s) was started; it is %s; see: %s"
            .formatted(operation.name(), job.id(), job.state(), status(job.id())));
  }

  private String status(JobId id) {
    return session.next().status(id.text());
  }
}
