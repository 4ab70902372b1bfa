package dev.trafficctl.job;

import java.io.IOException;
import java.util.Optional;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;

/**
 * The savepoint or checkpoint that Flink will restore, as the JobManager sees it: it is looked for
 * through the very file systems and plugins that Flink will read it with, once a job before has
 * ended.
 */
final class StateToRestore {
  // https://nightlies.apache.org/flink/flink-docs-release-2.2/docs/ops/state/savepoints/
  private static final String METADATA = "_metadata";

  private StateToRestore() {}

  /**
   * Why Flink cannot restore it, in a line.
   *
   * @param location a directory with a savepoint or checkpoint, or the metadata file in it
   * @return nothing if it is there
   */
  static Optional<String> problem(String location) {
    try {
      Path path = new Path(location);
      FileSystem files = path.getFileSystem();
      boolean there =
          files.exists(new Path(path, METADATA))
              || files.exists(path) && !files.getFileStatus(path).isDir();
      return there
          ? Optional.empty()
          : Optional.of(
              "the JobManager finds no savepoint or checkpoint at %s; check the path, and that the JobManager reaches it"
                  .formatted(location));
    } catch (UnsupportedFileSystemSchemeException e) {
      return Optional.of(
          "the JobManager cannot read the state at %s: Flink has no file system for it there; check the path, or install the plugin for it in Flink"
              .formatted(location));
    } catch (IOException | IllegalArgumentException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      return Optional.of(
          "the JobManager cannot read the state at %s: %s"
              .formatted(location, why.lines().findFirst().orElse("")));
    }
  }
}
