package dev.trafficctl.cli.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.SharedStack;
import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.flink.AsyncResult;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.SavepointFormat;
import dev.trafficctl.cli.flink.TriggerId;
import dev.trafficctl.cli.operation.catalogue.JobFinder;
import dev.trafficctl.model.StartDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a job leaves in storage, read when only that is left. */
@ExtendWith(SharedStack.class)
class StoredStateIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final TestConsole console = TestConsole.real();
  private final Path storage = Path.of(SharedStack.directory(), "flink");

  @Test
  void tellsHowTheJobWasStartedAndHowFarItGotWithoutFlink() throws Exception {
    run("demo", "--topic", "stored", "--count", "1000");
    FlinkClient flink =
        FlinkClient.at(run("local", "status").at("/addresses/flink").asText(), new ShellCommands());
    JobId job = new JobFinder(flink, "traffic", new ShellCommands()).live().id();

    String savepoint = savepoint(flink, job);
    // Without a state that is newer, the savepoint is the only way back.
    run("checkpoint", "traffic");
    flink.cancel(job);
    Awaitility.await().atMost(PATIENCE).until(() -> flink.job(job).orElseThrow().ended());

    String path =
        new StateStorage(storage.resolve("checkpoints").toString())
            .list().stream()
                .filter(state -> state.complete() && state.mayBeOf(job))
                .findFirst()
                .orElseThrow()
                .path();
    StateFile checkpoint = ((StateReading.Whole) new StateReader().read(path)).file();
    assertThat(checkpoint.nextOffsets().values().stream().mapToLong(next -> next).sum())
        .isEqualTo(1_000);
    StartDescription description = checkpoint.description();
    assertThat(description.jobName()).isEqualTo("traffic");
    assertThat(description.parallelism()).isEqualTo(2);
    assertThat(description.arguments()).contains("--kafka-topic", "stored");
    assertThat(checkpoint.operators().stream().map(OperatorEntry::uid))
        .containsExactly("Sink Committer: reject", "filter", "read", "reject", "write");

    JsonNode alone =
        run(
            "savepoint",
            "list",
            "traffic",
            "--flink",
            "http://127.0.0.1:1",
            "--storage",
            storage.resolve("savepoints").toString());
    assertThat(restorable(alone, savepoint)).contains(true);

    JsonNode deleted = run("savepoint", "delete", savepoint);
    assertThat(deleted.at("/deleted").asBoolean()).isTrue();
    assertThat(StatePath.of(savepoint).local().orElseThrow()).doesNotExist();
    assertThat(restorable(run("savepoint", "list", "traffic"), savepoint)).contains(false);
  }

  private JsonNode run(String... arguments) throws IOException {
    String[] all = new String[arguments.length + 4];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--directory";
    all[arguments.length + 1] = SharedStack.directory();
    all[arguments.length + 2] = "-o";
    all[arguments.length + 3] = "json";
    assertThat(console.run(all)).as(console.err()).isZero();
    return new JsonMapper().readTree(console.out());
  }

  private static String savepoint(FlinkClient flink, JobId job) {
    TriggerId trigger = TriggerId.of("savepoint", job, 1_000);
    flink.asyncOperations().triggerSavepoint(job, trigger, null, SavepointFormat.CANONICAL);
    AsyncResult result =
        Awaitility.await()
            .atMost(PATIENCE)
            .until(
                () -> flink.asyncOperations().savepointResult(job, trigger),
                answer -> !(answer instanceof AsyncResult.InProgress));
    return ((AsyncResult.Completed) result).result();
  }

  private static Optional<Boolean> restorable(JsonNode list, String path) {
    for (JsonNode entry : list.at("/savepoints")) {
      if (entry.at("/path").asText().equals(path)) {
        return Optional.of(entry.at("/restorable").asBoolean());
      }
    }
    return Optional.empty();
  }
}
