package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateToRestoreTest {
  @TempDir Path directory;

  @Test
  void isThereAsADirectoryOrAsTheFileInIt() throws Exception {
    Path savepoint = Files.createDirectory(directory.resolve("savepoint-0a1b2c-a stück"));
    Path metadata = Files.writeString(savepoint.resolve("_metadata"), "not read");
    for (String path :
        new String[] {
          savepoint.toString(), "file:" + savepoint, "file://" + savepoint, "file:" + metadata
        }) {
      assertThat(StateToRestore.problem(path)).as(path).isEmpty();
    }
  }

  @Test
  void isNotThereWithoutMetadata() throws Exception {
    Path empty = Files.createDirectory(directory.resolve("savepoint-1"));
    for (Path path : new Path[] {empty, directory.resolve("none")}) {
      assertThat(StateToRestore.problem("file:" + path))
          .hasValue(
              "the JobManager finds no savepoint or checkpoint at file:"
                  + path
                  + "; check the path, and that the JobManager reaches it");
    }
  }

  @Test
  void isNowhereInAFileSystemThatFlinkDoesNotHave() {
    for (String path : new String[] {"http://example.com/savepoint-1", "s3://b/savepoint-1"}) {
      assertThat(StateToRestore.problem(path))
          .hasValue(
              "the JobManager cannot read the state at "
                  + path
                  + ": Flink has no file system for it there; check the path, or install the plugin"
                  + " for it in Flink");
    }
  }
}
