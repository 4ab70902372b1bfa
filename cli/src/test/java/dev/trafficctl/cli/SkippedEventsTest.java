package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.state.StateFixture;
import dev.trafficctl.job.ReadProgress;
import dev.trafficctl.model.StartDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A savepoint whose source goes on behind an event, at offset 5, that the filter has not taken. */
class SkippedEventsTest {
  private final ScriptedFlink flink = new ScriptedFlink();
  private final FakeKafka kafka = new FakeKafka(answer -> {});
  private final TestConsole console = TestConsole.jumping();

  @TempDir Path directory;

  @BeforeEach
  void withoutAJob() {
    console.with("XDG_STATE_HOME", directory.toString());
    flink.server().answer("/jobs/overview", "{\"jobs\":[]}");
  }

  @AfterEach
  void close() throws IOException {
    kafka.close();
    flink.close();
  }

  private Path savepoint(long processed, long next) throws Exception {
    return StateFixture.savepointWithSource(
        directory.resolve("savepoint-0a1b2c-" + processed),
        new StartDescription(
            "traffic",
            1,
            List.of(
                "--kafka-url",
                kafka.address(),
                "--kafka-topic",
                FakeKafka.TOPIC,
                "--postgres-url",
                "jdbc:postgresql://p/traffic",
                "--postgres-user",
                "job"),
            "1.2.3",
            null),
        FakeKafka.TOPIC,
        new ReadProgress("AAAAAAAAAAEAAAAAAAAAAQ", 0, processed),
        next);
  }

  private int inspect(Path savepoint) {
    return console.run("savepoint", "inspect", savepoint.toString(), "-o", "json");
  }

  private int restart(Path savepoint) throws IOException {
    return console.run(
        "restart",
        "traffic",
        "--flink",
        flink.server().url(),
        "--jar",
        Files.writeString(directory.resolve("job.jar"), "a jar").toString(),
        "--from-savepoint",
        savepoint.toString(),
        "--plan");
  }

  @Test
  void isRefusedByInspectAndRestartAlike() throws Exception {
    String why =
        "trafficctl: the state cannot be restored, events would be skipped: partition 0: the source"
            + " goes on at offset 6, but the filter has processed nothing from offset 4 on"
            + " (READ-PROGRESS), and Kafka has an event at offset 5; to read them, start without"
            + " state: trafficctl restart traffic";
    Path skipping = savepoint(4, 6);

    assertThat(inspect(skipping)).isEqualTo(4);
    assertThat(new JsonMapper().readTree(console.out()).path("restorable").asBoolean(true))
        .isFalse();
    assertThat(new JsonMapper().readTree(console.out()).path("skipped")).hasSize(1);
    assertThat(console.err()).contains(why + " --from-offsets 0=4\n");

    assertThat(restart(skipping)).isEqualTo(4);
    assertThat(console.err()).startsWith(why).contains("--from-offsets 0=4");
  }

  @Test
  void aSourceThatHasPassedOffsetsWithoutAnEventSkipsNone() throws Exception {
    Path passing = savepoint(3, 5);

    assertThat(inspect(passing)).as(console.err()).isZero();
    assertThat(restart(passing)).as(console.err()).isZero();
  }
}
