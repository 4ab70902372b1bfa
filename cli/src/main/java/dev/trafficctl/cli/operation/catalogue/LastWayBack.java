package dev.trafficctl.cli.operation.catalogue;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.SavepointDisposal.Target;
import dev.trafficctl.cli.state.StatePath;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether a savepoint is the newest state of a job that does not run: without it, the job could be
 * started from an older one at best.
 */
public final class LastWayBack {
  /** The option that says that it is meant. */
  public static final String OPTION = "--last-way-back";

  private final Cluster cluster;
  private final FlinkClient flink;
  private final NewestState states;
  private final Descent descent;

  /** Among the states of a cluster. */
  public LastWayBack(Cluster cluster, Journal journal) {
    this.cluster = cluster;
    this.flink = cluster.flink();
    this.states = new NewestState(cluster);
    this.descent = new Descent(flink, journal);
  }

  /**
   * Makes sure that a savepoint is none.
   *
   * @throws CommandException with {@link ExitCode#REFUSED} when it is one
   */
  public void refuse(Target target) {
    List<JobSummary> jobs = flink.jobs();
    Optional<String> name =
        Optional.ofNullable(target.jobName()).or(() -> rememberedOf(target, jobs));
    if (name.isEmpty() || runs(name.get(), target, jobs) || hasNewer(name.get(), target, jobs)) {
      return;
    }
    throw new CommandException(
        ExitCode.REFUSED,
        "%s is the newest state of the job %s, which does not run: it could not be started from there again; nothing was deleted%nif that is meant: %s"
            .formatted(
                target.path(),
                Text.safe(name.get()),
                cluster.next().deleteSavepoint(target.path(), true)));
  }

  private Optional<String> rememberedOf(Target target, List<JobSummary> jobs) {
    StatePath path = StatePath.of(target.path());
    return jobs.stream()
        .filter(
            job ->
                flink.checkpoints(job.id()).stream()
                    .flatMap(known -> known.history().stream())
                    .anyMatch(
                        known -> known.path() != null && StatePath.of(known.path()).equals(path)))
        .map(JobSummary::name)
        .findFirst();
  }

  /** A job that runs makes checkpoints of its own. */
  private boolean runs(String name, Target target, List<JobSummary> jobs) {
    return jobs.stream()
        .filter(job -> job.name().equals(name) && !job.ended())
        .anyMatch(job -> isOf(name, job, target));
  }

  private boolean isOf(String name, JobSummary job, Target target) {
    return StartSource.told(flink, name, job.id())
        .map(told -> isOf(JobLine.of(told), target) || isOf(descent.of(name, List.of(job)), target))
        .orElse(true);
  }

  private static boolean isOf(JobLine line, Target target) {
    return target.file() == null
        || line.differences(target.path(), null, target.file().description()).isEmpty();
  }

  private boolean hasNewer(String name, Target target, List<JobSummary> jobs) {
    JobLine line =
        target.file() == null || target.file().description() == null
            ? JobLine.ANY
            : JobLine.of(target.file().description());
    return Stream.of(true, false)
        .flatMap(savepoint -> states.newest(name, savepoint, jobs, line).found().stream())
        .min(NewestState.NEWEST_FOUND_FIRST)
        .filter(newest -> !StatePath.of(newest.path()).equals(StatePath.of(target.path())))
        .filter(newest -> target.file() == null || !newest.at().isBefore(target.file().written()))
        .isPresent();
  }
}
