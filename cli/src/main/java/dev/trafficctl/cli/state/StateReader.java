package dev.trafficctl.cli.state;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.util.EnvironmentInformation;

/**
 * Reads savepoints and checkpoints with Flink's own code. It changes nothing, and needs neither
 * Flink nor the job to run.
 */
public final class StateReader {
  /** The version of Flink whose code reads it here. */
  public static final String FLINK_VERSION = EnvironmentInformation.getVersion();

  /** The newest version of the metadata format that this code reads, which is what it writes. */
  public static final int NEWEST_FORMAT = 6;

  /** The file without which a directory is neither a savepoint nor a complete checkpoint. */
  public static final String METADATA = "_metadata";

  /** State of less than 20 KiB lies in it, for each subtask; the memory here is some times this. */
  private static final int LARGEST_METADATA = 64 << 20;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final PluginFileSystems plugins;
  // Nobody wants to wait for each state of a list in turn.
  private final Map<String, String> silent = new HashMap<>();

  /** Of local places alone. */
  public StateReader() {
    this(null);
  }

  /** Of local places, and of those that Flink's plug-ins can read; null for none. */
  public StateReader(PluginFileSystems plugins) {
    this.plugins = plugins;
  }

  /**
   * Reads what lies at a place.
   *
   * @param path the directory of a savepoint or checkpoint, as {@link StatePath#of} takes it
   */
  public StateReading read(String path) {
    StatePath place = StatePath.of(path);
    if (place.local().isPresent()) {
      return read(place, place.local().get());
    }
    return plugins == null
        ? new StateReading.Elsewhere(place + " cannot be read from this machine")
        : readRemote(place.text());
  }

  /**
   * Reads what Flink says is there. If neither it nor the directory around it is on this machine,
   * then Flink writes to a disk of its own, and nothing is known about it here.
   *
   * @param path the directory of a savepoint or checkpoint, as Flink writes it
   */
  public StateReading readKnown(String path) {
    boolean onAnotherDisk =
        StatePath.of(path)
            .local()
            .filter(place -> place.getParent() != null && !Files.exists(place.getParent()))
            .isPresent();
    return onAnotherDisk
        ? new StateReading.Elsewhere(path + " cannot be read from this machine")
        : read(path);
  }

  /**
   * Reads what Flink says that it has just written. What this user may not read is there all the
   * same.
   *
   * @param path the directory of a savepoint or checkpoint, as Flink writes it
   */
  public StateReading readWritten(String path) {
    return StatePath.of(path)
        .local()
        .map(place -> place.resolve(METADATA))
        .filter(metadata -> Files.isRegularFile(metadata) && !Files.isReadable(metadata))
        .<StateReading>map(metadata -> new StateReading.Elsewhere(unreadable(metadata)))
        .orElseGet(() -> readKnown(path));
  }

  private static String unreadable(Path metadata) {
    return "this user may not read " + metadata;
  }

  /**
   * A metadata file as it was found.
   *
   * @param shown the directory around it, as users know it
   * @param path the directory, as Flink takes it
   * @param bytes all of the file
   * @param written when it was written
   */
  private record Found(String shown, String path, byte[] bytes, Instant written) {
    String metadata() {
      return shown + "/" + METADATA;
    }
  }

  private StateReading read(StatePath place, Path directory) {
    Path metadata = directory.resolve(METADATA);
    if (!Files.exists(directory)) {
      return new StateReading.Broken("there is no " + directory);
    }
    if (!Files.isRegularFile(metadata)) {
      return noMetadata(directory.toString());
    }
    if (!Files.isReadable(metadata)) {
      return new StateReading.Broken(unreadable(metadata));
    }
    try {
      return read(
          new Found(
              directory.toString(),
              place.text(),
              bytes(Files.newInputStream(metadata)),
              Files.getLastModifiedTime(metadata).toInstant()));
    } catch (IOException | OutOfMemoryError e) {
      return new StateReading.Broken(metadata + " cannot be read: " + e.getMessage());
    }
  }

  /** All of a metadata file. */
  private static byte[] bytes(InputStream file) throws IOException {
    try (file) {
      byte[] bytes = file.readNBytes(LARGEST_METADATA + 1);
      if (bytes.length > LARGEST_METADATA) {
        throw new IOException(
            "it has more than "
                + LARGEST_METADATA / 1024 / 1024
                + " MiB, which no savepoint or checkpoint of the job has");
      }
      return bytes;
    }
  }

  /**
   * What lies in the directory of a savepoint on this machine and is not of it, in the order of
   * names.
   *
   * @throws IOException when it cannot be looked at
   */
  List<Path> foreign(Path directory) throws IOException {
    Path real = directory.toRealPath();
    Path metadata = real.resolve(METADATA);
    Set<Path> own = new HashSet<>(Set.of(real, metadata));
    Found found =
        new Found(
            real.toString(), "file:" + real, bytes(Files.newInputStream(metadata)), Instant.EPOCH);
    for (Path file : StateFiles.of(load(found), found.path(), plugins).places()) {
      Path place = file.toRealPath();
      own.add(place);
      for (Path around = place.getParent();
          around != null && around.startsWith(real);
          around = around.getParent()) {
        own.add(around);
      }
    }
    try (Stream<Path> all = Files.walk(real)) {
      return all.filter(place -> !own.contains(place)).sorted().toList();
    }
  }

  /**
   * The files outside its own directory that a savepoint names, in their order; none where its
   * metadata cannot be read from this machine.
   *
   * @throws IOException when it cannot be looked at
   */
  List<String> outside(StatePath place) throws IOException {
    byte[] bytes;
    if (place.local().isPresent()) {
      bytes = bytes(Files.newInputStream(place.local().get().resolve(METADATA)));
    } else if (plugins == null) {
      return List.of();
    } else {
      bytes =
          bytes(
              plugins
                  .of(place.text())
                  .open(new org.apache.flink.core.fs.Path(place.text() + "/" + METADATA)));
    }
    Found found = new Found(place.text(), place.text(), bytes, Instant.EPOCH);
    return StateFiles.of(load(found), place.text(), null).outside(place);
  }

  private StateReading readRemote(String directory) {
    String storage = directory.replaceFirst("(?<=://)([^/]*)/.*", "$1");
    if (silent.containsKey(storage)) {
      return unread(directory, silent.get(storage));
    }
    try {
      org.apache.flink.core.fs.Path metadata =
          new org.apache.flink.core.fs.Path(directory + "/" + METADATA);
      FileStatus status = inTime(() -> plugins.of(directory).getFileStatus(metadata));
      if (status.isDir()) {
        return noMetadata(directory);
      }
      return read(
          new Found(
              directory,
              directory,
              bytes(plugins.of(directory).open(metadata)),
              Instant.ofEpochMilli(status.getModificationTime())));
    } catch (FileNotFoundException e) {
      return noMetadata(directory);
    } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
      if (e instanceof SocketTimeoutException) {
        silent.put(storage, firstLine(e));
      }
      return unread(directory, firstLine(e));
    }
  }

  private static StateReading unread(String directory, String why) {
    return new StateReading.Elsewhere(directory + " cannot be read from this machine: " + why);
  }

  /** A plug-in for object storage may try again for minutes. */
  static <T> T inTime(Callable<T> question) throws IOException {
    FutureTask<T> asked = new FutureTask<>(question);
    Thread thread = new Thread(asked, "storage");
    thread.setDaemon(true);
    thread.start();
    try {
      return asked.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException(firstLine(e.getCause()), e);
    } catch (TimeoutException e) {
      throw new SocketTimeoutException(
          "its storage has not answered for " + PATIENCE.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  static String firstLine(Throwable e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.lines().findFirst().orElse(e.toString());
  }

  private static StateReading noMetadata(String directory) {
    return new StateReading.Broken(
        directory + " holds no " + METADATA + ", so it is no complete savepoint or checkpoint");
  }

  private StateReading read(Found found) {
    int version = formatVersion(found.bytes());
    if (version > NEWEST_FORMAT) {
      return new StateReading.Broken(
          found.metadata()
              + " was written by another version of Flink: its format is "
              + version
              + ", and "
              + NEWEST_FORMAT
              + " is the newest that Flink "
              + FLINK_VERSION
              + " reads");
    }
    try {
      return whole(found, version, load(found));
    } catch (EOFException e) {
      return new StateReading.Broken(
          found.metadata() + " is cut off: it was not written to its end");
    } catch (IOException | RuntimeException e) {
      return new StateReading.Broken(found.metadata() + " is damaged, or is no metadata of Flink");
    }
  }

  /** What the first bytes say, or -1 if they are no beginning of metadata. */
  private static int formatVersion(byte[] bytes) {
    if (bytes.length < 2 * Integer.BYTES) {
      return -1;
    }
    ByteBuffer header = ByteBuffer.wrap(bytes);
    return header.getInt() == Checkpoints.HEADER_MAGIC_NUMBER ? header.getInt() : -1;
  }

  private static CheckpointMetadata load(Found found) throws IOException {
    return GuardedReading.of(
        found.bytes().length,
        () -> {
          try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(found.bytes()))) {
            // Files that the metadata names without a directory lie beside it.
            return Checkpoints.loadCheckpointMetadata(
                in, StateReader.class.getClassLoader(), found.path());
          }
        });
  }

  private StateReading whole(Found found, int version, CheckpointMetadata metadata) {
    StateFiles files = StateFiles.of(metadata, found.path(), plugins);
    Optional<String> missing = files.problem();
    if (missing.isPresent()) {
      return new StateReading.Broken(found.shown() + " cannot be restored: " + missing.get());
    }
    if (files.elsewhere().isPresent()) {
      return new StateReading.Elsewhere(
          found.shown()
              + " refers to "
              + files.elsewhere().get()
              + ", which cannot be read from this machine");
    }
    try {
      return new StateReading.Whole(
          StateContents.read(
              metadata, found.path(), version, found.written().truncatedTo(ChronoUnit.MILLIS)));
    } catch (StateContents.UnreadableException e) {
      return new StateReading.Broken(
          "the state of the operator '" + e.uid() + "' in " + found.shown() + " cannot be read");
    }
  }
}
