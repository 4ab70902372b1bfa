package dev.trafficctl.cli.state;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.AsyncResult;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.FlinkErrorException;
import dev.trafficctl.cli.flink.FlinkUnreachableException;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.flink.TriggerId;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Deadline;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.Sleeper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Deletes a savepoint through Flink, which also deletes the state files that the savepoint refers
 * to, wherever they are: so one that refers to files outside its directory is refused.
 */
public final class SavepointDisposal {
  private static final Duration POLL = Duration.ofMillis(200);
  // For so long, Flink may answer from what it has seen before.
  private static final Duration FLINK_CACHE = Duration.ofSeconds(4);

  private static final int SHOWN = 5;

  private final Cluster cluster;
  private final FlinkClient flink;
  private final Clock clock;
  private final Sleeper sleeper;
  private final StateReader reader;

  /** With the cluster whose Flink deletes, the time, and how to wait. */
  public SavepointDisposal(Cluster cluster, Clock clock, Sleeper sleeper) {
    this.cluster = cluster;
    this.flink = cluster.flink();
    this.clock = clock;
    this.sleeper = sleeper;
    this.reader = new StateReader(PluginFileSystems.of(cluster));
  }

  /**
   * A savepoint that may be deleted.
   *
   * @param path where it lies, as Flink takes it
   * @param file what is in it, or null if only Flink can read it
   */
  public record Target(String path, StateFile file) {
    /** The name of the job that it belongs to, or null if nothing tells. */
    public String jobName() {
      return file == null || file.description() == null ? null : file.description().jobName();
    }
  }

  /**
   * Makes sure that a path is that of a savepoint which nobody needs.
   *
   * @throws CommandException with {@link ExitCode#REFUSED} when it is not
   */
  public Target check(StatePath path) {
    StateReading reading = reader.read(path.text());
    if (reading instanceof StateReading.Broken broken) {
      throw refused(broken.problem());
    }
    StateFile file = reading instanceof StateReading.Whole whole ? whole.file() : null;
    boolean checkpoint = file == null ? path.namesCheckpoint() : !file.savepoint();
    if (checkpoint) {
      throw refused(path + " is a checkpoint, which belongs to its job");
    }
    String place = path.text();
    for (JobSummary job : flink.jobs()) {
      if (!job.ended()) {
        refuseIfNeeded(place, job);
      }
    }
    if (file != null || path.local().isPresent()) {
      refuseFilesOfOthers(path);
    }
    if (file != null) {
      refuseForeignFiles(path);
    }
    return new Target(place, file);
  }

  /** Flink deletes what the metadata names, wherever that is, and whatever it is. */
  private void refuseFilesOfOthers(StatePath path) {
    List<String> outside = look(path, () -> reader.outside(path));
    if (!outside.isEmpty()) {
      throw refused(
          "the metadata of %s names files outside its directory, which Flink would delete too: %s"
              .formatted(path, list(outside)));
    }
  }

  private static <T> T look(StatePath path, Callable<T> look) {
    try {
      return look.call();
    } catch (Exception e) {
      throw new CommandException(
          ExitCode.FAILED,
          "cannot look into " + path + " (" + e.getClass().getSimpleName() + "); check who may",
          e);
    }
  }

  private static String list(List<?> files) {
    String first = String.join(", ", files.stream().limit(SHOWN).map(Object::toString).toList());
    return files.size() > SHOWN ? first + ", and " + (files.size() - SHOWN) + " more" : first;
  }

  /** Flink removes the metadata first, and then not a directory in which something is left. */
  private void refuseForeignFiles(StatePath path) {
    if (path.local().isEmpty()) {
      return;
    }
    List<Path> foreign = look(path, () -> reader.foreign(path.local().get()));
    if (!foreign.isEmpty()) {
      throw refused(
          "%s also holds what is not of the savepoint: %s; move it away first"
              .formatted(path, list(foreign)));
    }
  }

  /** Until its first checkpoint, a job that fails is restored from its savepoint once more. */
  private void refuseIfNeeded(String path, JobSummary job) {
    Optional<Checkpoints> checkpoints = flink.checkpoints(job.id());
    boolean neverHeardOf =
        checkpoints
            .filter(known -> known.restored() == null && known.latestCompleted() == null)
            .isPresent();
    if (neverHeardOf) {
      sleeper.pause(FLINK_CACHE);
      checkpoints = flink.checkpoints(job.id());
    }
    if (checkpoints.isEmpty()) {
      throw refused(
          "whether the job %s (%s) needs %s cannot be told: Flink lists the job but no longer knows it"
              .formatted(Text.safe(job.name()), job.id(), path));
    }
    boolean needed =
        checkpoints
            .filter(known -> known.latestCompleted() == null && known.restored() != null)
            .map(known -> known.restored().path())
            .filter(from -> StatePath.of(from).equals(StatePath.of(path)))
            .isPresent();
    if (needed) {
      throw refused(
          "the job "
              + job.name()
              + " ("
              + job.id()
              + ") was restored from "
              + path
              + " and has completed no checkpoint since");
    }
  }

  /**
   * Deletes it, and returns when it is gone.
   *
   * @param timeout how long to wait for Flink
   * @throws CommandException when it was not deleted, or when that is not known
   */
  public void delete(Target target, Duration timeout) {
    AsyncResult result = result(target, trigger(target), timeout);
    if (result instanceof AsyncResult.Failed && isSeenFromHere(target.path())) {
      // Something on the way may have sent the request twice: the second then finds less and less.
      boolean isThere =
          new Deadline(clock, sleeper, FLINK_CACHE, POLL)
              .until(() -> isThere(target.path()), there -> !there);
      if (!isThere) {
        return;
      }
    }
    if (result instanceof AsyncResult.Failed failed) {
      throw new CommandException(
          ExitCode.FAILED, "Flink could not delete " + target.path() + ": " + failed.cause());
    }
    if (result instanceof AsyncResult.Missing) {
      throw unknown("Flink has forgotten that it was to delete " + target.path());
    }
    if (isThere(target.path())) {
      throw unknown(
          "Flink says that it has deleted "
              + target.path()
              + ", but it is still there on this machine; perhaps Flink runs on another");
    }
  }

  private AsyncResult result(Target target, TriggerId trigger, Duration timeout) {
    try {
      AsyncResult result =
          new Deadline(clock, sleeper, timeout, POLL)
              .until(
                  () -> flink.asyncOperations().disposalResult(trigger),
                  seen -> !(seen instanceof AsyncResult.InProgress));
      if (result instanceof AsyncResult.InProgress) {
        throw unknown("Flink is still deleting " + target.path());
      }
      return result;
    } catch (FlinkUnreachableException | FlinkErrorException e) {
      throw unknown(e.getMessage() + "\nwhether " + target.path() + " is deleted is not known");
    }
  }

  private TriggerId trigger(Target target) {
    try {
      return flink.asyncOperations().triggerDisposal(target.path());
    } catch (FlinkUnreachableException e) {
      if (e.mayHaveArrived()) {
        throw unknown(e.getMessage() + "\nwhether " + target.path() + " is deleted is not known");
      }
      throw e;
    }
  }

  /** Whether a savepoint is there, as far as this machine can see. */
  public static boolean isThere(String path) {
    return StatePath.of(path).local().filter(Files::exists).isPresent();
  }

  /** Whether this machine has the directory in which a savepoint is, or was. */
  public static boolean isSeenFromHere(String path) {
    return StatePath.of(path).local().map(Path::getParent).filter(Files::isDirectory).isPresent();
  }

  private static CommandException refused(String why) {
    return new CommandException(ExitCode.REFUSED, why + "; nothing was deleted");
  }

  private CommandException unknown(String what) {
    return new CommandException(
        ExitCode.OUTCOME_UNKNOWN, what + "; see what is left with: " + cluster.next().savepoints());
  }
}
