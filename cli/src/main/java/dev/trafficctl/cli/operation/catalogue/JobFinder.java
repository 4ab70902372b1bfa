package dev.trafficctl.cli.operation.catalogue;

import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds the one job that a user means. Flink keeps jobs that have ended in its list, a failed start
 * among them, so that a name alone often fits several; of those at most one may be running.
 */
public final class JobFinder {
  private final FlinkClient flink;
  private final String wanted;
  private final NextCommands next;

  /**
   * With what the user gave.
   *
   * @param wanted a job's name or id, or null for the only job
   * @param next what is typed next about this Flink
   */
  public JobFinder(FlinkClient flink, String wanted, NextCommands next) {
    this.flink = flink;
    this.wanted = wanted;
    this.next = next;
  }

  /**
   * The job that has not ended.
   *
   * @throws CommandException when there is none, or when more than one fits
   */
  public JobSummary live() {
    return findLive().orElseThrow(this::noneRuns);
  }

  /**
   * The job that has not ended, or nothing when there is none.
   *
   * @throws CommandException when more than one fits
   */
  public Optional<JobSummary> findLive() {
    return findLive(flink.jobs());
  }

  private Optional<JobSummary> findLive(List<JobSummary> jobs) {
    List<JobSummary> found = jobs.stream().filter(job -> fits(job) && !job.ended()).toList();
    if (found.size() > 1) {
      throw new CommandException(
          ExitCode.REFUSED,
          (wanted == null ? "more than one job runs: " : "more than one job fits: ")
              + found.stream().map(JobFinder::shown).collect(Collectors.joining(", "))
              + "; give the id of the one that you mean");
    }
    return found.stream().findFirst();
  }

  /**
   * The job that has not ended; without one, that which was started last of those of one name.
   *
   * @throws CommandException when Flink knows no such job, or when more than one fits
   */
  public JobSummary any() {
    return findAny().orElseThrow(this::unknown);
  }

  /** Like {@link #any()}, or nothing when Flink knows no such job. */
  public Optional<JobSummary> findAny() {
    return findAny(flink.jobs());
  }

  /** Like {@link #findAny()}, among jobs that Flink has told of already. */
  public Optional<JobSummary> findAny(List<JobSummary> jobs) {
    return findLive(jobs).or(() -> findEnded(jobs));
  }

  private Optional<JobSummary> findEnded(List<JobSummary> jobs) {
    List<String> names = names(jobs);
    if (names.size() > 1) {
      throw ambiguous(names);
    }
    return jobs.stream().filter(this::fits).min(JobSummary.MEANT_FIRST);
  }

  /**
   * The names of the jobs that may be meant: of those that run, and if none does, of those that
   * have ended.
   */
  public List<String> names(List<JobSummary> jobs) {
    List<JobSummary> fitting = jobs.stream().filter(this::fits).toList();
    List<JobSummary> live = fitting.stream().filter(job -> !job.ended()).toList();
    return (live.isEmpty() ? fitting : live).stream().map(JobSummary::name).distinct().toList();
  }

  /** What is said when jobs of several names may be meant, and none was named. */
  public static CommandException ambiguous(Collection<String> names) {
    return new CommandException(
        ExitCode.REFUSED,
        "more than one job is known: "
            + Text.safe(String.join(", ", names))
            + "; give the name of the one that you mean");
  }

  private boolean fits(JobSummary job) {
    return wanted == null || job.id().text().equals(wanted) || job.name().equals(wanted);
  }

  private CommandException noneRuns() {
    Optional<JobSummary> ended = findAny();
    return ended.isEmpty()
        ? unknown()
        : new CommandException(
            ExitCode.FAILED,
            "the job "
                + shown(ended.get())
                + " does not run: it is "
                + ended.get().state()
                + "; start it again with: "
                + next.restart(ended.get().parameter()));
  }

  /** What is said when Flink knows no such job. */
  public CommandException unknown() {
    return new CommandException(
        ExitCode.FAILED,
        (wanted == null
                ? "Flink at " + flink.address() + " knows no job"
                : "Flink at "
                    + flink.address()
                    + " knows no job with the name or id '"
                    + Text.safe(wanted)
                    + "'")
            + "; see: "
            + next.jobs());
  }

  private static String shown(JobSummary job) {
    return Text.safe(job.name()) + " (" + job.id() + ")";
  }
}
