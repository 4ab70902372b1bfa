package dev.trafficctl.cli.state;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/** Lists savepoints and checkpoints in a directory that a file system of Flink reads. */
final class RemoteStorage {
  private final FileSystem files;

  /** With the file system of the directory. */
  RemoteStorage(FileSystem files) {
    this.files = files;
  }

  /**
   * The same as {@link StateStorage#list()}. Object storage tells of no directory when it was made:
   * one without {@code _metadata} is left out there.
   */
  List<StoredState> list(String directory) throws IOException {
    String root = directory.replaceFirst("/+$", "");
    List<StoredState> found = new ArrayList<>();
    for (FileStatus entry : directories(root)) {
      String name = entry.getPath().getName();
      Matcher savepoint = StateStorage.SAVEPOINT.matcher(name);
      if (savepoint.matches()) {
        stored(entry, root + "/" + name, true, savepoint.group(1), -1).ifPresent(found::add);
      } else if (StateStorage.JOB.matcher(name).matches()) {
        checkpoints(root + "/" + name, name, found);
      }
    }
    found.sort(StateStorage.NEWEST_FIRST);
    return List.copyOf(found);
  }

  private void checkpoints(String directory, String jobId, List<StoredState> found)
      throws IOException {
    for (FileStatus entry : directories(directory)) {
      String name = entry.getPath().getName();
      Matcher checkpoint = StateStorage.CHECKPOINT.matcher(name);
      if (checkpoint.matches()) {
        stored(entry, directory + "/" + name, false, jobId, Long.parseLong(checkpoint.group(1)))
            .ifPresent(found::add);
      }
    }
  }

  private Optional<StoredState> stored(
      FileStatus entry, String path, boolean savepoint, String jobId, long number)
      throws IOException {
    long changed = entry.getModificationTime();
    boolean complete = false;
    try {
      FileStatus metadata = files.getFileStatus(new Path(path + "/" + StateReader.METADATA));
      complete = !metadata.isDir();
      changed = metadata.getModificationTime();
    } catch (FileNotFoundException e) {
      // It is not complete, or Flink has deleted it meanwhile.
    }
    return changed > 0
        ? Optional.of(
            new StoredState(
                path, savepoint, jobId, number, Instant.ofEpochMilli(changed), complete))
        : Optional.empty();
  }

  private List<FileStatus> directories(String directory) throws IOException {
    List<FileStatus> found = new ArrayList<>();
    try {
      FileStatus[] entries = files.listStatus(new Path(directory));
      for (FileStatus entry : entries == null ? new FileStatus[0] : entries) {
        if (entry.isDir()) {
          found.add(entry);
        }
      }
    } catch (FileNotFoundException e) {
      // Object storage has no empty directories.
    }
    return found;
  }
}
