package dev.trafficctl.cli.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.model.StartDescription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateStorageTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final JobId JOB = new JobId("0a1b2c" + "0".repeat(26));
  private static final JobId OTHER = new JobId("ffffff" + "0".repeat(26));
  private static final StartDescription OF_OTHER =
      new StartDescription("other", 1, List.of(), null, null);

  @TempDir Path directory;
  private StateStorage storage;

  @BeforeEach
  void open() {
    storage = new StateStorage(directory.toString());
  }

  @Test
  void listsWhatIsNamedAsFlinkNamesItTheNewestFirst() throws Exception {
    at(NOON.plusSeconds(2), StateFixture.savepoint(directory.resolve("savepoint-0a1b2c-11")));
    at(NOON.plusSeconds(1), checkpoint(JOB, 9, StateFixture.DESCRIPTION));
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
  void findsTheNewestCheckpointOfAJobThatCanBeRestored() throws Exception {
    checkpoint(JOB, 9, StateFixture.DESCRIPTION);
    checkpoint(JOB, 10, StateFixture.DESCRIPTION);
    Files.delete(
        StateFixture.checkpointWithFile(directory.resolve(JOB + "/chk-11"), 11).resolve("state"));
    Files.createDirectories(directory.resolve(JOB + "/chk-12"));
    checkpoint(OTHER, 99, StateFixture.DESCRIPTION);

    assertThat(storage.newestCheckpoint(JOB).map(StateFile::checkpointId)).hasValue(10L);
  }

  @Test
  void findsTheNewestCheckpointAndSavepointOfAJobName() throws Exception {
    at(NOON, checkpoint(JOB, 9, StateFixture.DESCRIPTION));
    at(NOON.plusSeconds(1), checkpoint(OTHER, 3, OF_OTHER));
    at(NOON, StateFixture.savepoint(directory.resolve("savepoint-0a1b2c-11")));
    at(NOON.plusSeconds(1), StateFixture.savepoint(directory.resolve("savepoint-0a1b2c-22")));

    assertThat(storage.newestCheckpoint("traffic").map(StateFile::checkpointId)).hasValue(9L);
    assertThat(storage.newestCheckpoint("other").map(StateFile::checkpointId)).hasValue(3L);
    assertThat(storage.newestCheckpoint("unknown")).isEmpty();
    assertThat(storage.newestSavepoint("traffic").map(StateFile::path))
        .hasValue("file:" + directory + "/savepoint-0a1b2c-22");
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
      assertThat(empty.newestCheckpoint(JOB)).isEqualTo(Optional.empty());
    }
    assertThat(storage.isReachable()).isTrue();
    assertThat(new StateStorage("file:" + directory).isReachable()).isTrue();
  }

  private Path checkpoint(JobId job, long number, StartDescription description) throws Exception {
    return StateFixture.checkpoint(directory.resolve(job + "/chk-" + number), number, description);
  }

  private static void at(Instant time, Path state) throws Exception {
    Files.setLastModifiedTime(state.resolve("_metadata"), FileTime.from(time));
  }
}
