package dev.trafficctl.cli.command.savepoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.state.StateFixture;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavepointInspectCommandTest {
  private final TestConsole console = TestConsole.frozen();

  @TempDir Path directory;

  @BeforeEach
  void withoutAJarOfItsOwn() {
    console.installedIn(directory);
  }

  private Path savepoint() throws Exception {
    Path savepoint =
        StateFixture.savepointWithSource(
            directory.resolve("savepoint-0a1b2c-1"),
            StateFixture.DESCRIPTION,
            Map.of(0, 12L, 1, -2L));
    Files.setLastModifiedTime(
        savepoint.resolve("_metadata"), FileTime.from(Instant.parse("2026-01-31T11:57:55Z")));
    return savepoint;
  }

  @Test
  void showsWhatIsInItAlthoughNeitherKafkaNorAJarIsKnown() throws Exception {
    Path savepoint = savepoint();

    assertThat(console.run("savepoint", "inspect", savepoint.toString())).isZero();

    assertThat(console.out())
        .isEqualTo(
            """
            FIELD       VALUE
            PATH        file:%s
            TYPE        savepoint 7
            WRITTEN     2026-01-31T11:57:55Z (2m 5s ago)
            SIZE        2.1 KiB
            FORMAT      6, as Flink 2.2.1 writes it
            JOB         traffic, parallelism 2
            VERSION     0.1.0
            KAFKA       -
            TOPIC       -
            TOPIC ID    AAAAAAAAAAAAAAAAAAAAAQ
            JAR         -
            RESTORABLE  -

            UID     NAME    ID                                PARALLELISM  MAX-PARALLELISM  SIZE     IN-JAR
            filter  filter  8f9f5112ed2d7a8745086a5aed920b28            2              128  1.8 KiB  -
            read    read    4da3cc0c86fb0b5c55d8f58bfc1a7bd2            1              128  324 B    -
            write   write   da67b0e7ffdf3f7e832542473ca9d982            1              128  0 B      -

            PARTITION  OFFSET    READ-PROGRESS  EVENT-TIME  TO-END  LOG-START-OFFSET  LOG-END-OFFSET  RETENTION-LEFT  NOTE
                    0  12                   12  -           -       -                 -               -               -
                    1  earliest             40  -           -       -                 -               -               -
            """
                .formatted(savepoint));
    assertThat(console.err().lines())
        .containsExactly(
            "trafficctl: note: there is no job jar to compare the operators with; give one with"
                + " --jar FILE",
            "trafficctl: note: whether Kafka still has the events is not known: the settings of"
                + " the job traffic cannot be used: --kafka-url: is missing; give it, or set"
                + " KAFKA_URL");
  }

  @Test
  void takesKafkasAddressWithoutKnowingACluster() throws Exception {
    Path savepoint =
        StateFixture.savepointWithSource(
            directory.resolve("savepoint-0a1b2c-1"), null, Map.of(0, 12L));

    assertThat(console.run("savepoint", "inspect", savepoint.toString())).isZero();
    assertThat(console.err())
        .contains("the state does not tell where Kafka is; give --kafka-url HOST:PORT\n");

    assertThat(
            console.run(
                "savepoint", "inspect", savepoint.toString(), "--kafka-url", "no.such.invalid:1"))
        .isZero();
    assertThat(console.out())
        .contains("KAFKA       no.such.invalid:1\n", "TOPIC       web traffic");
    assertThat(console.err())
        .contains(
            "is not known: Kafka at no.such.invalid:1 cannot be reached: the host is unknown");
  }

  @Test
  void givesAllOfItToPrograms() throws Exception {
    assertThat(console.run("savepoint", "inspect", savepoint().toString(), "-o", "json")).isZero();

    JsonNode result = new JsonMapper().readTree(console.out());
    assertThat(result.path("restorable").isNull()).isTrue();
    assertThat(result.path("formatVersion").asInt()).isEqualTo(6);
    assertThat(result.path("written").asText()).isEqualTo("2026-01-31T11:57:55Z");
    assertThat(result.at("/operators/0/inJar").isNull()).isTrue();
    assertThat(result.at("/partitions/0/sourceOffset").asLong()).isEqualTo(12);
    assertThat(result.at("/partitions/1/sourceOffset").isNull()).isTrue();
    assertThat(result.at("/partitions/1/sourceStart").asText()).isEqualTo("earliest");
    assertThat(result.at("/partitions/1/inKafka").isNull()).isTrue();
    assertThat(result.path("unknowns")).hasSize(2);
  }

  @Test
  void refusesWhatIsNotThereOrDamaged() throws Exception {
    refuses(directory.resolve("none"), "there is no " + directory + "/none");
    Path savepoint = savepoint();
    Path metadata = savepoint.resolve("_metadata");
    byte[] whole = Files.readAllBytes(metadata);

    Files.write(metadata, Arrays.copyOf(whole, whole.length - 1));
    refuses(savepoint, metadata + " is cut off: it was not written to its end");

    byte[] newer = whole.clone();
    newer[7] = 9;
    Files.write(metadata, newer);
    refuses(
        savepoint,
        metadata
            + " was written by another version of Flink: its format is 9, and 6 is the newest that"
            + " Flink 2.2.1 reads");
  }

  @Test
  void refusesWhatIsCutOffWherever() throws Exception {
    Path savepoint = savepoint();
    Path metadata = savepoint.resolve("_metadata");
    byte[] whole = Files.readAllBytes(metadata);
    for (int length : List.of(0, 1, 7, 8, 9, 20, 100, whole.length / 2, whole.length - 1)) {
      Files.write(metadata, Arrays.copyOf(whole, length));
      for (List<String> command :
          List.of(
              List.of("savepoint", "inspect", savepoint.toString()),
              List.of("offsets", "--flink", "http://127.0.0.1:1", "--savepoint", "" + savepoint))) {
        assertThat(console.run(command.toArray(String[]::new)))
            .as(command + " with " + length + " bytes")
            .isEqualTo(4);
        assertThat(console.err())
            .isEqualTo("trafficctl: " + metadata + " is cut off: it was not written to its end\n");
        assertThat(console.out()).isEmpty();
      }
    }
  }

  @Test
  void saysThatAStateIsOfAnotherJob() throws Exception {
    Path other = StateFixture.savepointOfAnotherJob(directory.resolve("savepoint-0a1b2c-2"));
    Path jar = directory.resolve("job.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      out.putNextEntry(new JarEntry("dev/trafficctl/job/operators.txt"));
      out.write("filter\nread\nwrite\n".getBytes(UTF_8));
    }

    assertThat(console.run("savepoint", "inspect", other.toString(), "--jar", jar.toString()))
        .isEqualTo(3);
    assertThat(console.out())
        .contains("JOB         -\n", "TOPIC       -\n", "RESTORABLE  no\n", "orders");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: note: it holds no offsets of Kafka that are known here\n"
                + "trafficctl: it is the state of another job: no operator of "
                + jar
                + " is in it\n");
  }

  private void refuses(Path savepoint, String words) {
    assertThat(console.run("savepoint", "inspect", savepoint.toString())).isEqualTo(4);
    assertThat(console.err()).isEqualTo("trafficctl: " + words + "\n");
    assertThat(console.out()).isEmpty();
  }

  @Test
  void saysThatAJarDoesNotTellItsOperators() throws Exception {
    Path jar = Files.writeString(directory.resolve("job.jar"), "no jar");

    assertThat(console.run("savepoint", "inspect", savepoint().toString(), "--jar", jar.toString()))
        .isZero();
    assertThat(console.err())
        .contains("note: " + jar + " does not tell which operators its job has\n");

    assertThat(console.run("savepoint", "inspect", savepoint().toString(), "--jar", "nowhere.jar"))
        .isEqualTo(1);
    assertThat(console.err()).isEqualTo("trafficctl: cannot read nowhere.jar; check --jar\n");
  }
}
