package dev.trafficctl.cli.state;

import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.Installation;
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
  /** The name of a savepoint; its first group is the beginning of the job's id. */
  static final Pattern SAVEPOINT = Pattern.compile("savepoint-([0-9a-f]{6})-[0-9a-f]+");

  /** The name of the directory of a job's checkpoints. */
  static final Pattern JOB = Pattern.compile("[0-9a-f]{32}");

  /** The name of a checkpoint; its first group is its number. */
  static final Pattern CHECKPOINT = Pattern.compile("chk-(\\d{1,18})");

  /** The newest first. */
  public static final Comparator<StoredState> NEWEST_FIRST =
      StateOrder.newestFirst(StoredState::changed, StoredState::path);

  private final String directory;
  private final PluginFileSystems plugins;
  private Remote remote;

  /**
   * A directory, which need not exist.
   *
   * @param directory a local path, or a URL as Flink takes it
   */
  public StateStorage(String directory) {
    this(directory, null);
  }

  /**
   * A directory, which need not exist.
   *
   * @param directory a local path, or a URL as Flink takes it
   * @param plugins the file systems that can be read besides the local one, or null
   */
  public StateStorage(String directory, PluginFileSystems plugins) {
    this.directory = directory;
    this.plugins = plugins;
  }

  /**
   * What there is in a directory that is not on this machine.
   *
   * @param states what could be listed
   * @param problem why it could not be listed, in a sentence, or null
   */
  private record Remote(List<StoredState> states, String problem) {}

  /** Whether the directory can be looked at from this machine. */
  public boolean isReachable() {
    return problem().isEmpty();
  }

  /** Why the directory cannot be looked at from this machine, in a sentence; nothing if it can. */
  public Optional<String> problem() {
    Optional<Path> place = StatePath.place(directory);
    if (place.isEmpty()) {
      return Optional.ofNullable(remote().problem());
    }
    return place.filter(Files::isDirectory).isPresent()
        ? Optional.empty()
        : Optional.of(directory + " is not there on this machine, or cannot be read from it");
  }

  /** The directory as it was given. */
  public String directory() {
    return directory;
  }

  /**
   * Everything that is named like a savepoint or checkpoint, the newest first. It is cheap: no file
   * is opened. A directory that does not exist, or that cannot be read from here, has nothing in
   * it.
   *
   * @throws CommandException when the directory is there and cannot be read
   */
  public List<StoredState> list() {
    Optional<Path> place = StatePath.place(directory);
    if (place.isEmpty()) {
      return remote().states();
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

  /** It is listed once: that can take long. */
  private Remote remote() {
    if (remote == null) {
      remote = listRemote();
    }
    return remote;
  }

  private Remote listRemote() {
    if (plugins == null) {
      return new Remote(
          List.of(),
          "%s cannot be read from this machine without Flink's file-system plug-in for it; set %s to the plugins directory of a Flink"
              .formatted(directory, Installation.PLUGINS_VARIABLE));
    }
    try {
      return new Remote(
          StateReader.inTime(() -> new RemoteStorage(plugins.of(directory)).list(directory)), null);
    } catch (IOException | RuntimeException | LinkageError e) {
      return new Remote(
          List.of(), directory + " cannot be read from this machine: " + StateReader.firstLine(e));
    }
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
              StatePath.of(place.toString()).text(),
              savepoint,
              jobId,
              checkpointId,
              changed,
              complete));
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
