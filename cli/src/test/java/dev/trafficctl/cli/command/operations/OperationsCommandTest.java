package dev.trafficctl.cli.command.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.TestConsole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperationsCommandTest {
  private static final String HERE = "stop-20260131-110000-0001";
  private static final String THERE = "stop-20260131-110000-0002";

  private final TestConsole console = TestConsole.frozen();

  @TempDir Path directory;

  @BeforeEach
  void writeDown() throws IOException {
    console.with("XDG_STATE_HOME", directory.toString()).installedIn(directory);
    Path operations = Files.createDirectories(directory.resolve("trafficctl/operations"));
    write(operations, HERE, "http://here:8081/");
    write(operations, THERE, "http://there:8081/");
  }

  private static void write(Path operations, String id, String flink) throws IOException {
    Files.writeString(
        operations.resolve(id + ".jsonl"),
        """
        {"record":"asked","version":1,"id":"%s","verb":"stop","flink":"%s","jobId":"%s","job":"traffic",\
        "by":"alice@ops1","pid":1,"at":"2026-01-31T11:00:00Z","options":{}}
        """
            .formatted(id, flink, "a".repeat(32)));
  }

  private void lists(String[] ids, String... options) throws IOException {
    String[] all = new String[options.length + 3];
    all[0] = "operations";
    all[1] = "-o";
    all[2] = "json";
    System.arraycopy(options, 0, all, 3, options.length);
    assertThat(console.run(all)).as(console.err()).isZero();
    assertThat(new JsonMapper().readTree(console.out()).path("operations"))
        .map(operation -> operation.path("id").asText())
        .containsExactlyInAnyOrder(ids);
  }

  @Test
  void listsThoseOfTheClusterThatIsNamed() throws IOException {
    lists(new String[] {HERE, THERE});
    lists(new String[] {THERE}, "--flink", "http://there:8081");
    lists(new String[] {THERE}, "--flink", "http://there:8081", "-n", "1");
    lists(new String[] {}, "--flink", "http://elsewhere:8081");
  }

  @Test
  void takesALocalStackAsResumeDoes() {
    for (String[] command :
        new String[][] {
          {"operations", "--directory", "none"}, {"operations", "resume", "--directory", "none"}
        }) {
      assertThat(console.run(command)).isEqualTo(5);
      assertThat(console.err())
          .isEqualTo(
              "trafficctl: there is no local stack; start it with: trafficctl local up --directory"
                  + " none\n");
    }
  }
}
