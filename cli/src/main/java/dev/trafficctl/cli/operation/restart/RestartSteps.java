package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JarRunRequest;
import dev.trafficctl.cli.journal.Entry;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.journal.StartKeys;
import dev.trafficctl.cli.kafka.StartPlan;
import dev.trafficctl.cli.operation.change.FlinkDeadline;
import dev.trafficctl.cli.operation.change.Follower;
import dev.trafficctl.cli.operation.change.RestartPlan.End;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.operation.start.JobStart;
import dev.trafficctl.cli.operation.start.StartWatch;
import dev.trafficctl.cli.operation.start.Submission;
import dev.trafficctl.cli.operation.stop.Cancel;
import dev.trafficctl.cli.operation.stop.Stop;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.StatePath;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The steps of a restart, each of which is in the journal before it is taken. A run begins at the
 * first; whoever comes back begins at the last one in the journal.
 */
final class RestartSteps {
  /** The step before the job is stopped or cancelled, which is an operation of its own. */
  static final String ENDING = "ending";

  /** The detail with the id of the uploaded jar. */
  static final String JAR_ID = "jar-id";

  private final Session session;
  private final FlinkClient flink;
  private final RestartOrder order;
  private final Entry entry;
  private final RestartWords words;
  private final JobStart start;
  private final Submission submission;
  private final Ways ways;

  /**
   * What differs between who begins a restart and who comes back to it.
   *
   * @param end stops or cancels the job before, and answers with how that went; null for who comes
   *     back: that nothing was asked is then the end of it
   * @param partitions where each partition is read from, by the savepoint or checkpoint that was
   *     made as the job before ended; it, and what it answers, may be null
   * @param jarId the jar as Flink has it, or null if it has to be uploaded
   * @param starts whether a job that was not started is started; else it is only found out how far
   *     the restart got
   * @param deadline how long all of the restart is waited for
   */
  record Ways(
      Supplier<Result> end,
      Function<String, StartPlan> partitions,
      String jarId,
      boolean starts,
      FlinkDeadline deadline) {}

  RestartSteps(Session session, RestartOrder order, Entry entry, Ways ways) {
    this.session = session;
    this.flink = session.flink();
    this.order = order;
    this.entry = entry;
    this.ways = ways;
    this.words = new RestartWords(session, order, entry.id());
    this.start = new JobStart(session);
    this.submission = Submission.of(session);
  }

  /** How far a restart has got. */
  sealed interface At {
    /** Nothing was done. */
    record Begun() implements At {}

    /**
     * The job before was asked to end.
     *
     * @param part the stop or cancel
     */
    record Ending(Operation part) implements At {}

    /**
     * The job before has ended.
     *
     * @param wayBack the savepoint or checkpoint that was made as it ended, or null
     */
    record Ended(String wayBack) implements At {}

    /**
     * The start of the new job was asked for by a process that is gone.
     *
     * @param begun what asked for it
     */
    record Starting(Operation begun, RestartFacts facts) implements At {}

    /** The new job was started. */
    record Started(RestartFacts facts) implements At {}

    /** Nothing is left to be done, or nothing can be done. */
    record Over(Result result) implements At {}
  }

  /** Goes on from a step to the last. */
  Result from(At first) {
    At at = first;
    while (!(at instanceof At.Over)) {
      at = advance(at);
    }
    return ((At.Over) at).result();
  }

  private At advance(At at) {
    if (at instanceof At.Begun) {
      return end();
    }
    if (at instanceof At.Ending ending) {
      return ended(howItEnded(ending.part()));
    }
    if (at instanceof At.Ended ended) {
      return start(ended.wayBack());
    }
    if (at instanceof At.Starting starting) {
      return find(starting.begun(), starting.facts());
    }
    At.Started started = (At.Started) at;
    return new At.Over(watch(started.facts()));
  }

  private At end() {
    if (order.end() == End.NONE) {
      return new At.Ended(null);
    }
    if (ways.end() == null) {
      return new At.Over(words.nothingDone());
    }
    entry.step(ENDING, Map.of());
    return ended(ways.end().get());
  }

  private Result howItEnded(Operation part) {
    if (!part.open()) {
      return Result.known(part);
    }
    Follower follower =
        part.asked().verb().equals(Stop.VERB) ? new Stop(session) : new Cancel(session);
    return follower.settle(part, entry, ways.deadline());
  }

  private At ended(Result ending) {
    if (ending.open()) {
      return new At.Over(words.endingGoesOn(ending));
    }
    return ending.outcome() == ExitCode.DONE
        ? new At.Ended(ending.path())
        : new At.Over(words.notEnded(ending));
  }

  private At start(String wayBack) {
    String restore = order.restoresWhatEnds() ? wayBack : order.restore();
    if (!ways.starts()) {
      return new At.Over(words.notStarted(new RestartFacts(null, wayBack, restore, null)));
    }
    StartPlan partitions = ways.partitions() == null ? null : ways.partitions().apply(wayBack);
    RestartFacts facts = new RestartFacts(null, wayBack, restore, partitions);
    if (restore == null && order.restoresWhatEnds()) {
      return new At.Over(words.nothingToRestore(facts));
    }
    return withJar(jarId -> start(facts, jarId));
  }

  private At find(Operation begun, RestartFacts facts) {
    JobStart.Presence presence =
        start.await(begun, order.start().jobName(), facts.jobId(), () -> false, ways.deadline());
    if (presence instanceof JobStart.Presence.There there) {
      return there.another().isPresent()
          ? new At.Over(words.notStarted(facts.with(null), there.another().get()))
          : new At.Started(facts);
    }
    if (presence instanceof JobStart.Presence.NotYet) {
      return new At.Over(words.mayBeStarting(facts));
    }
    return ways.starts()
        ? withJar(jarId -> start(facts, jarId))
        : new At.Over(words.notStarted(facts.with(null)));
  }

  private At withJar(Function<String, At> work) {
    if (ways.jarId() != null) {
      return work.apply(ways.jarId());
    }
    session.progress().step("uploading " + order.request().jar());
    String uploaded = submission.upload(order.request().jar());
    try {
      return work.apply(uploaded);
    } finally {
      submission.discard(uploaded);
    }
  }

  /** Under the id that was chosen before, if one was. */
  private At start(RestartFacts known, String jarId) {
    String name = order.start().jobName();
    RestartFacts facts;
    try {
      facts = known.jobId() == null ? known.with(submission.nextId(name)) : known;
      submission.requireNoneRuns(name, order.before());
    } catch (CommandException e) {
      return new At.Over(words.notStarted(known.with(null), e));
    }
    tell(facts);
    try {
      start.ask(entry, jarId, name, request(facts), details(facts), ways.deadline().left());
    } catch (CommandException e) {
      boolean unknown = e.exitCode() == ExitCode.OUTCOME_UNKNOWN;
      return new At.Over(words.notStarted(unknown ? facts : facts.with(null), e));
    }
    session.done(entry, StartKeys.STARTED, Map.of());
    return new At.Started(facts);
  }

  private void tell(RestartFacts facts) {
    session
        .progress()
        .step(
            "starting %s (%s) with parallelism %d %s"
                .formatted(
                    order.start().jobName(),
                    facts.jobId(),
                    order.start().parallelism(),
                    facts.restored() == null ? "without state" : "from " + facts.restored()));
  }

  private JarRunRequest request(RestartFacts facts) {
    return new JarRunRequest(
        facts.jobId(),
        order.start().parallelism(),
        order.start().arguments(),
        facts.restored(),
        order.request().allowNonRestoredState(),
        Map.of());
  }

  private static Map<String, String> details(RestartFacts facts) {
    Map<String, String> details = new TreeMap<>();
    if (facts.wayBack() != null) {
      details.put(StartKeys.ENDED, facts.wayBack());
    }
    if (facts.restored() != null) {
      details.put(StartKeys.RESTORE, facts.restored());
    }
    return details;
  }

  private Result watch(RestartFacts facts) {
    Instant began = session.clock().instant();
    try {
      StartWatch.Outcome outcome = new StartWatch(session).await(facts.jobId(), ways.deadline());
      session.progress().done();
      if (outcome instanceof StartWatch.Outcome.Failed failed) {
        return words.failed(facts, failed);
      }
      if (outcome instanceof StartWatch.Outcome.NotYet notYet) {
        // A job that waits for slots is left to Flink, lest it keeps whoever comes next from going
        // back.
        return ways.starts() || notYet.missing().isEmpty()
            ? words.notYet(facts, notYet, Duration.between(began, session.clock().instant()))
            : words.waitsForSlots(facts, notYet);
      }
      return verified(facts);
    } catch (CommandException e) {
      // Be it an error: it tells nothing of how the request ends.
      return words.notSeen(facts, e);
    }
  }

  private Result verified(RestartFacts facts) {
    Optional<String> from =
        ways.deadline()
            .ask(() -> flink.checkpoints(facts.jobId()))
            .map(Checkpoints::restored)
            .map(Checkpoints.Restored::path);
    if (facts.restored() != null
        && !from.map(StatePath::of).equals(Optional.of(StatePath.of(facts.restored())))) {
      return words.restoredFromAnother(facts, from);
    }
    Optional<String> others =
        start.others(
            order.start().jobName(),
            order.before(),
            order.commands(session.next()).next().stopOneById(),
            ways.deadline());
    return others.isPresent() ? words.oneOfSeveral(facts, others.get()) : words.runs(facts);
  }
}
