package dev.trafficctl.cli.state;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.flink.JobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A directory into which Flink writes savepoints, checkpoints, or both: {@code savepoint-<6 digits
 * of the job id>-<12 digits>} and {@code <job id>/chk-<number>}. Looking at it changes nothing.
 */
public final class StateStorage {
  private static final Pattern SAVEPOINT = Pattern.compile("savepoint-([0-9a-f]{6})-[0-9a-f]+");
  private static final Pattern JOB = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern CHECKPOINT = Pattern.compile("chk-(\\d{1,18})");
  private static final Comparator<StoredState> NEWEST_FIRST =
      Comparator.comparing(StoredState::changed)
          .thenComparing(StoredState::checkpointId)
          .thenComparing(StoredState::path)
          .reversed();

  private final String directory;
  private final StateReader reader = new StateReader();

  /**
   * A directory, which need not exist.
   *
   * @param directory a local path, or a URL as Flink takes it
   */
  public StateStorage(String directory) {
    this.directory = directory;
  }

  /** Whether the directory can be looked at from this machine: it is local, and it exists. */
  public boolean isReachable() {
    return StatePath.local(directory).filter(Files::isDirectory).isPresent();
  }

  /** The directory as it was given. */
  public String directory() {
    return directory;
  }

  /**
   * Everything that is named like a savepoint or checkpoint, the newest first. It is cheap: no file
   * is opened. A directory that does not exist, or that only Flink can read, has nothing in it.
   *
   * @throws CommandException when the directory is there and cannot be read
   */
  public List<StoredState> list() {
    Optional<Path> place = StatePath.local(directory);
    if (place.isEmpty()) {
      return List.of();
    }
    List<StoredState> found = new ArrayList<>();
    for (Path entry : children(place.get())) {
      String name = entry.getFileName().toString();
      Matcher savepoint = SAVEPOINT.matcher(name);
      if (savepoint.matches()) {
        stored(entry, true, savepoint.group(1), -1).ifPresent(found::add);
      } else if (JOB.matcher(name).matches()) {
        found.addAll(checkpoints(entry, name));
      }
    }
    found.sort(NEWEST_FIRST);
    return found;
  }

  /**
   * The savepoints that may be of a job as far as their names tell, and that are complete, the
   * newest first.
   *
   * @throws CommandException when the directory is there and cannot be read
   */
  public List<StoredState> savepoints(JobId job) {
    return list().stream()
        .filter(state -> state.savepoint() && state.complete() && state.mayBeOf(job))
        .toList();
  }

  /**
   * The newest checkpoint of a job that can be restored.
   *
   * @throws CommandException when the directory is there and cannot be read
   */
  public Optional<StateFile> newestCheckpoint(JobId job) {
    return whole(
            list().stream()
                .filter(state -> !state.savepoint() && state.mayBeOf(job))
                // Within a job the number says which is newer, whatever became of the files' times.
                .sorted(Comparator.comparing(StoredState::checkpointId).reversed()))
        .findFirst();
  }

  /**
   * The newest checkpoint of any job of a name that can be restored; it is the state itself that
   * tells the job's name.
   *
   * @throws CommandException when the directory is there and cannot be read
   */
  public Optional<StateFile> newestCheckpoint(String jobName) {
    return whole(list().stream().filter(state -> !state.savepoint()))
        .filter(file -> isOf(jobName, file))
        .findFirst();
  }

  /**
   * The newest savepoint of any job of a name that can be restored; it is the state itself that
   * tells the job's name.
   *
   * @throws CommandException when the directory is there and cannot be read
   */
  public Optional<StateFile> newestSavepoint(String jobName) {
    return whole(list().stream().filter(StoredState::savepoint))
        .filter(file -> isOf(jobName, file))
        .findFirst();
  }

  private static boolean isOf(String jobName, StateFile file) {
    return file.description() != null && file.description().jobName().equals(jobName);
  }

  /** Reads one after the other, and no more than are asked for. */
  private Stream<StateFile> whole(Stream<StoredState> candidates) {
    return candidates
        .filter(StoredState::complete)
        .map(state -> reader.read(state.path()))
        .flatMap(
            reading ->
                reading instanceof StateReading.Whole whole
                    ? Stream.of(whole.file())
                    : Stream.empty());
  }

  private static List<StoredState> checkpoints(Path jobDirectory, String jobId) {
    List<StoredState> found = new ArrayList<>();
    for (Path entry : children(jobDirectory)) {
      Matcher checkpoint = CHECKPOINT.matcher(entry.getFileName().toString());
      if (checkpoint.matches()) {
        stored(entry, false, jobId, Long.parseLong(checkpoint.group(1))).ifPresent(found::add);
      }
    }
    return found;
  }

  private static Optional<StoredState> stored(
      Path place, boolean savepoint, String jobId, long checkpointId) {
    Path metadata = place.resolve(StateReader.METADATA);
    boolean complete = Files.isRegularFile(metadata);
    try {
      Instant changed =
          Files.getLastModifiedTime(complete ? metadata : place)
              .toInstant()
              .truncatedTo(ChronoUnit.MILLIS);
      return Optional.of(
          new StoredState(
              StatePath.flink(place), savepoint, jobId, checkpointId, changed, complete));
    } catch (NoSuchFileException e) {
      // Flink has deleted it meanwhile.
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(place, e);
    }
  }

  private static List<Path> children(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(Files::isDirectory).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
  }

  private static CommandException unreadable(Path place, IOException cause) {
    return new CommandException(
        ExitCode.FAILED,
        "cannot look into " + place + " (" + cause.getClass().getSimpleName() + "); check who may",
        cause);
  }
}
