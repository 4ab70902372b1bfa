package dev.trafficctl.cli.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.flink.JobId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateStorageTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final JobId JOB = new JobId("0a1b2c" + "0".repeat(26));
  private static final JobId OTHER = new JobId("ffffff" + "0".repeat(26));

  @TempDir Path directory;
  private StateStorage storage;

  @BeforeEach
  void open() {
    storage = new StateStorage(directory.toString());
  }

  @Test
  void listsWhatIsNamedAsFlinkNamesItTheNewestFirst() throws Exception {
    at(NOON.plusSeconds(2), StateFixture.savepoint(directory.resolve("savepoint-0a1b2c-11")));
    at(NOON.plusSeconds(1), checkpoint(JOB, 9));
    Path unfinished = Files.createDirectories(directory.resolve(OTHER + "/chk-1"));
    Files.setLastModifiedTime(unfinished, FileTime.from(NOON));
    Files.createDirectories(directory.resolve(JOB + "/shared"));
    Files.createDirectories(directory.resolve("savepoint-of-mine"));
    Files.createFile(directory.resolve("savepoint-0a1b2c-22"));

    assertThat(storage.list())
        .isEqualTo(
            List.of(
                new StoredState(
                    "file:" + directory + "/savepoint-0a1b2c-11",
                    true,
                    "0a1b2c",
                    -1,
                    NOON.plusSeconds(2),
                    true),
                new StoredState(
                    "file:" + directory + "/" + JOB + "/chk-9",
                    false,
                    JOB.text(),
                    9,
                    NOON.plusSeconds(1),
                    true),
                new StoredState("file:" + unfinished, false, OTHER.text(), 1, NOON, false)));
  }

  @Test
  void tellsTheSavepointsThatMayBeOfAJob() throws Exception {
    StateFixture.savepoint(directory.resolve("savepoint-0a1b2c-11"));
    StateFixture.savepoint(directory.resolve("savepoint-ffffff-11"));
    Files.createDirectories(directory.resolve("savepoint-0a1b2c-22"));

    assertThat(storage.savepoints(JOB).stream().map(StoredState::path))
        .isEqualTo(List.of("file:" + directory + "/savepoint-0a1b2c-11"));
  }

  @Test
  void hasNothingWhereThereIsNoDirectoryOrWhereOnlyFlinkCanLook() {
    for (String place : List.of(directory + "/none", "s3://bucket/savepoints")) {
      StateStorage empty = new StateStorage(place);
      assertThat(empty.isReachable()).isFalse();
      assertThat(empty.list()).isEmpty();
    }
    assertThat(storage.isReachable()).isTrue();
    assertThat(new StateStorage("file:" + directory).isReachable()).isTrue();
  }

  private Path checkpoint(JobId job, long number) throws Exception {
    return StateFixture.checkpoint(
        directory.resolve(job + "/chk-" + number), number, StateFixture.DESCRIPTION);
  }

  private static void at(Instant time, Path state) throws Exception {
    Files.setLastModifiedTime(state.resolve("_metadata"), FileTime.from(time));
  }
}
