package dev.trafficctl.cli.operation.start;

import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.FlinkErrorException;
import dev.trafficctl.cli.flink.JobDetails;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.flink.JobVertex;
import dev.trafficctl.cli.flink.Overview;
import dev.trafficctl.cli.operation.change.FlinkDeadline;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Whether there are the slots that a job is to have. Without them Flink takes the job, and lets it
 * hold all slots that there are while it waits for the others, be it for ever.
 *
 * <p>A job of this kind needs one slot for each of its parallel subtasks: the tasks of one subtask
 * share it (<a
 * href="https://nightlies.apache.org/flink/flink-docs-release-2.2/docs/concepts/flink-architecture/#task-slots-and-resources">slot
 * sharing</a>).
 */
public final class SlotCheck {
  /** The option that says that those which are missing will come. */
  public static final String OPTION = "--allow-missing-slots";

  // A job that has ended gives its slots back a moment later, and TaskManagers come one by one.
  private static final Duration TO_SETTLE = Duration.ofSeconds(4);
  // A JobManager that was started anew is found by TaskManagers that look for it ever less often.
  private static final Duration TO_BE_FOUND = Duration.ofSeconds(30);

  private final Session session;
  private final FlinkClient flink;

  /** With what an operation works with. */
  public SlotCheck(Session session) {
    this.session = session;
    this.flink = session.flink();
  }

  /**
   * What is to be looked at.
   *
   * @param parallelism that which the job is to have
   * @param own the job whose slots it gets, or null
   * @param allowed whether the missing ones will come, as the user says
   * @param state what it is started from, or null if that is not known or nothing
   */
  public record Wanted(int parallelism, JobId own, boolean allowed, String state) {}

  /**
   * Makes sure that there are enough. Before it says that there are not, it looks again for a few
   * seconds, and longer as long as there is no TaskManager at all.
   *
   * @param otherwise what becomes of the job without them, given how many there are
   * @param warn is told if there are too few, and that is allowed
   * @throws CommandException with {@link ExitCode#REFUSED} if there are too few
   */
  public void require(Wanted wanted, Otherwise otherwise, Consumer<String> warn) {
    int there = wanted.allowed() ? look(wanted).forJob() : await(wanted);
    if (there >= wanted.parallelism()) {
      return;
    }
    String missing =
        "parallelism %d needs as many slots, but there %s %d for it: %s"
            .formatted(
                wanted.parallelism(), there == 1 ? "is" : "are", there, otherwise.words(there));
    if (!wanted.allowed()) {
      throw new CommandException(
          ExitCode.REFUSED,
          "%s; nothing was changed; %sadd TaskManagers, or, where they are added by themselves, give %s"
                  .formatted(
                      missing,
                      there == 0 ? "" : "give at most --parallelism " + there + ", ",
                      OPTION)
              + (wanted.state() == null
                  ? ""
                  : "\nwhat it would be started from: " + wanted.state()));
    }
    warn.accept(missing + " until TaskManagers are added");
  }

  /** What becomes of a job that has too few. */
  @FunctionalInterface
  public interface Otherwise {
    /**
     * In words, to which "until TaskManagers are added" can be added.
     *
     * @param slots how many there are
     */
    String words(int slots);
  }

  /** What becomes of a job that is started with too few, as {@link Otherwise} tells it. */
  public static String waits(int slots) {
    return slots == 0 ? "it would wait" : "it would take them and wait for the others";
  }

  /**
   * What a job waits for that was started and does not run, as far as it is slots.
   *
   * @return nothing if it has all it needs, or if that is not known
   */
  Optional<String> missing(JobDetails job) {
    if (job.ended() || job.allTasksRun() || job.parallelism() == 0) {
      return Optional.empty();
    }
    try {
      int there = look(new Wanted(job.parallelism(), job.id(), true, null)).forJob();
      return there >= job.parallelism()
          ? Optional.empty()
          : Optional.of(
              "there are too few slots: parallelism %d needs as many, and there %s %d for it; add TaskManagers, or start it with less parallelism"
                  .formatted(job.parallelism(), there == 1 ? "is" : "are", there));
    } catch (FlinkErrorException e) {
      return Optional.empty();
    }
  }

  /** The same of a job of which Flink has said that it has too few. */
  String tooFew(JobDetails job) {
    return missing(job)
        .orElse(
            "there were too few slots for parallelism %d; add TaskManagers, or start it with less parallelism"
                .formatted(job.parallelism()));
  }

  private int await(Wanted wanted) {
    FlinkDeadline deadline = session.deadline(session.timeout());
    Slots seen = look(wanted);
    Instant since = session.clock().instant();
    boolean told = false;
    while (seen.forJob() < wanted.parallelism()) {
      Duration enough = seen.all() == 0 ? TO_BE_FOUND : TO_SETTLE;
      if (deadline.isOver()
          || Duration.between(since, session.clock().instant()).compareTo(enough) >= 0) {
        break;
      }
      if (!told) {
        told = true;
        session
            .progress()
            .step(
                "parallelism %d needs as many slots, and there are %d for it; looking again for %s"
                    .formatted(wanted.parallelism(), seen.forJob(), Text.age(enough)));
      }
      deadline.pause();
      Slots now = look(wanted);
      if (!now.equals(seen)) {
        seen = now;
        since = session.clock().instant();
      }
    }
    return seen.forJob();
  }

  /**
   * What was seen.
   *
   * @param all how many slots there are
   * @param forJob how many of them the job can have, as far as it matters
   */
  private record Slots(int all, int forJob) {}

  private Slots look(Wanted wanted) {
    Overview overview = flink.overview();
    int own = wanted.own() == null ? 0 : used(wanted.own());
    int forJob = overview.freeSlots() + own;
    return new Slots(
        overview.slots(),
        forJob >= wanted.parallelism() ? forJob : overview.freeSlots() + toCome(wanted, own));
  }

  private int used(JobId id) {
    return flink
        .job(id)
        .map(job -> job.vertices().stream().mapToInt(JobVertex::running).max().orElse(0))
        .orElse(0);
  }

  /**
   * How many of the slots that are given away the job can have: those that it no longer uses, or
   * does not use yet, and those of jobs that have ended or are gone with a JobManager.
   */
  private int toCome(Wanted wanted, int used) {
    try {
      Set<JobId> others =
          flink.jobs().stream()
              .filter(job -> !job.ended() && !job.id().equals(wanted.own()))
              .map(JobSummary::id)
              .collect(Collectors.toSet());
      long given = flink.slotOwners().stream().filter(owner -> !others.contains(owner)).count();
      return Math.max(used, (int) given);
    } catch (FlinkErrorException e) {
      return used;
    }
  }
}
