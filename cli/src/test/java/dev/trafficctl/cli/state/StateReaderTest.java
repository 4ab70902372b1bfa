package dev.trafficctl.cli.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateReaderTest {
  private final StateReader reader = new StateReader();

  @TempDir Path directory;

  @Test
  void tellsWhatASavepointHolds() throws Exception {
    Path savepoint = StateFixture.savepoint(directory.resolve("savepoint-0a1b2c-1"));

    StateFile file = whole(savepoint.toString());

    assertThat(file.path()).isEqualTo("file:" + savepoint);
    assertThat(file.checkpointId()).isEqualTo(7);
    assertThat(file.savepoint()).isTrue();
    assertThat(file.description()).isEqualTo(StateFixture.DESCRIPTION);
    assertThat(file.topicId()).isEqualTo("AAAAAAAAAAAAAAAAAAAAAQ");
    assertThat(file.nextOffsets()).isEqualTo(Map.of(0, 12L, 1, 40L));
    assertThat(file.operators())
        .isEqualTo(
            List.of(
                new OperatorEntry(
                    "filter",
                    "filter",
                    "00000000000000010000000000000002",
                    2,
                    128,
                    file.bytes(),
                    true)));
    assertThat(file.bytes()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"with space", "semi;colon", "日本語", "100%25", "a#b?c", "plus+"})
  void findsPlacesWithAnyNameInEveryForm(String name) throws Exception {
    Path checkpoint = StateFixture.checkpointWithFile(directory.resolve(name).resolve("chk-3"), 3);

    for (String path :
        List.of(
            checkpoint.toString(),
            "file:" + checkpoint,
            "file://" + checkpoint,
            "file://localhost" + checkpoint,
            checkpoint + "/",
            checkpoint + "/_metadata")) {
      assertThat(whole(path).nextOffsets()).as(path).isEqualTo(Map.of(0, 12L));
      assertThat(whole(path).savepoint()).isFalse();
    }
  }

  @Test
  void readsStateOfAJobThatDidNotDescribeItself() throws Exception {
    Path checkpoint = StateFixture.checkpoint(directory.resolve("chk-4"), 4, null);

    StateFile file = whole(checkpoint.toString());

    assertThat(file.description()).isNull();
    assertThat(file.nextOffsets()).isEqualTo(Map.of(0, 12L, 1, 40L));
  }

  @Test
  void saysThatThereIsNothing() {
    assertThat(broken(directory.resolve("none"))).isEqualTo("there is no " + directory + "/none");
  }

  @Test
  void saysThatMetadataIsMissing() {
    assertThat(broken(directory))
        .isEqualTo(directory + " holds no _metadata, so it is no complete savepoint or checkpoint");
  }

  @Test
  void saysThatMetadataIsCutOff() throws Exception {
    Path savepoint = StateFixture.savepoint(directory.resolve("savepoint"));
    Path metadata = savepoint.resolve("_metadata");
    byte[] bytes = Files.readAllBytes(metadata);

    for (int length : List.of(0, 3, 100, bytes.length - 1)) {
      Files.write(metadata, Arrays.copyOf(bytes, length));
      assertThat(broken(savepoint))
          .as("%s bytes", length)
          .isEqualTo(metadata + " is cut off: it was not written to its end");
    }
  }

  @Test
  void saysThatAFileIsTooLargeForMetadata() throws Exception {
    Path metadata = directory.resolve("_metadata");
    try (FileChannel file =
        FileChannel.open(metadata, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[1]), 8L << 30);
    }

    assertThat(broken(directory))
        .isEqualTo(
            metadata
                + " cannot be read: it has more than 64 MiB, which no savepoint or checkpoint of the"
                + " job has");
  }

  @Test
  void saysThatAFileIsNoMetadata() throws Exception {
    Path metadata = Files.writeString(directory.resolve("_metadata"), "something else entirely");
    assertThat(broken(directory)).isEqualTo(metadata + " is damaged, or is no metadata of Flink");
  }

  @Test
  void endsWithOneOfItsResultsWhateverByteIsDamaged() throws Exception {
    Path savepoint = StateFixture.savepoint(directory.resolve("savepoint"));
    Path metadata = savepoint.resolve("_metadata");
    byte[] bytes = Files.readAllBytes(metadata);

    for (int i = 0; i < bytes.length; i += 7) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= (byte) 0x81;
      Files.write(metadata, damaged);
      assertThat(reader.read(savepoint.toString()))
          .as("byte %s", i)
          .isInstanceOfAny(StateReading.Whole.class, StateReading.Broken.class);
    }
  }

  @Test
  void saysWhichStateFileIsMissingOrTooShort() throws Exception {
    Path checkpoint = StateFixture.checkpointWithFile(directory.resolve("chk-5"), 5);
    Path state = checkpoint.resolve("state");
    long size = Files.size(state);

    Files.write(state, new byte[3], StandardOpenOption.TRUNCATE_EXISTING);
    assertThat(broken(checkpoint))
        .isEqualTo(
            checkpoint + " cannot be restored: " + state + " has 3 bytes instead of " + size);

    Files.delete(state);
    assertThat(broken(checkpoint))
        .isEqualTo(checkpoint + " cannot be restored: there is no " + state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://bucket/savepoint-1", "hdfs:/a", "wasb+ssl://x/y"})
  void leavesToFlinkWhatOnlyFlinkCanRead(String path) {
    assertThat(reader.read(path))
        .isEqualTo(new StateReading.Elsewhere(path + " cannot be read from this machine"));
  }

  private StateFile whole(String path) {
    StateReading reading = reader.read(path);
    assertThat(reading).as(path).isInstanceOf(StateReading.Whole.class);
    return ((StateReading.Whole) reading).file();
  }

  private String broken(Path path) {
    StateReading reading = reader.read(path.toString());
    assertThat(reading).isInstanceOf(StateReading.Broken.class);
    return ((StateReading.Broken) reading).problem();
  }
}
