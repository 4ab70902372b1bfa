package dev.trafficctl.cli.lag;

import static dev.trafficctl.cli.flink.Question.answer;
import static dev.trafficctl.cli.flink.Question.ask;
import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.Checkpoint;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.operation.catalogue.KnownJob;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.model.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Finds the job that reads, whether it runs or not, and what its checkpoints tell. */
final class ReadingJobFinder {
  // Live offsets can be a second old: over less than this they tell no rate.
  private static final Duration SHORTEST = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final Cluster cluster;
  private final FlinkClient flink;
  private final Journal journal;
  private final LagRequest request;
  private final Clock clock;
  private final CheckpointFiles files = new CheckpointFiles();

  ReadingJobFinder(Cluster cluster, Journal journal, LagRequest request, Clock clock) {
    this.cluster = cluster;
    this.flink = cluster.flink();
    this.journal = journal;
    this.request = request;
    this.clock = clock;
  }

  /**
   * The job.
   *
   * @param notes gets what a person should know besides
   * @return null when none is found, and what is asked for can be answered without one
   * @throws CommandException when none is found, more than one fits, or nothing tells how it was
   *     started
   */
  ReadingJob find(List<String> notes) {
    try {
      KnownJob known = KnownJob.find(cluster, journal, request.job()).orElse(null);
      JobSummary running = known == null ? null : known.running().orElse(null);
      if (running != null) {
        return running(known, running.id());
      }
      boolean startIsKnown = known != null && known.start().isPresent();
      if (!startIsKnown && isEnough(request.group() != null || request.topic() != null)) {
        return null;
      }
      if (known == null) {
        throw KnownJob.none(cluster);
      }
      return ended(known, notes);
    } catch (CommandException e) {
      if (isEnough(request.group() != null)) {
        notes.add(e.getMessage() + "; this is what Kafka alone tells");
        return null;
      }
      throw e;
    }
  }

  /** Whether Kafka can be asked without knowing a job. */
  private boolean isEnough(boolean somethingElseIsGiven) {
    return request.job() == null && somethingElseIsGiven && cluster.kafkaUrl() != null;
  }

  private ReadingJob running(KnownJob known, JobId id) {
    // First of all: it takes Flink a while to look for metrics.
    CompletableFuture<LiveOffsets.Source> source = ask(() -> LiveOffsets.source(flink, id, clock));
    CompletableFuture<Checkpoints> checkpoints = ask(() -> flink.checkpoints(id).orElse(null));
    CompletableFuture<Duration> refresh = ask(() -> RefreshInterval.ask(flink));
    Settings settings = settings(known);
    List<Checkpoint> restorable = CheckpointFiles.restorable(answer(checkpoints));
    Checkpoint earlier = earlier(restorable);
    // To read them takes as long as to ask Kafka, so that it is done meanwhile.
    CompletableFuture<StateFile> newestFile = ask(() -> files.first(restorable));
    CompletableFuture<StateFile> earlierFile =
        ask(() -> earlier == null ? null : files.file(earlier));
    return new ReadingJob(
        known.name(),
        id,
        source,
        settings,
        newestFile,
        earlierFile,
        earlier == null ? null : earlier.triggered(),
        refresh);
  }

  /** One that is as old as the rates should be of, or null. */
  private Checkpoint earlier(List<Checkpoint> checkpoints) {
    Instant now = clock.instant();
    Instant from = now.minus(LONGEST);
    Instant to = now.minus(SHORTEST);
    return checkpoints.stream()
        .filter(each -> !each.triggered().isBefore(from) && !each.triggered().isAfter(to))
        .findFirst()
        .orElse(null);
  }

  private ReadingJob ended(KnownJob known, List<String> notes) {
    Settings settings = settings(known);
    StateFile state = known.newestState().orElse(null);
    if (request.group() == null || request.group().equals(settings.kafkaGroup())) {
      notes.add(
          "no job "
              + known.name()
              + " runs: these are the offsets that its group has committed"
              + (state == null ? "" : ", and those in " + state.path()));
    }
    return new ReadingJob(
        known.name(),
        null,
        completedFuture(null),
        settings,
        completedFuture(state),
        completedFuture(null),
        null,
        completedFuture(RefreshInterval.DEFAULT));
  }

  private Settings settings(KnownJob known) {
    return known.settings("ask for a group: " + cluster.next().lagOfGroup());
  }
}
