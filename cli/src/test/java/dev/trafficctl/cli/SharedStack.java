package dev.trafficctl.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One local stack for all of this module's tests against real processes: on free ports, in a
 * directory of its own, and gone with all its data when the last test has ended.
 */
public final class SharedStack implements BeforeAllCallback {
  private static Path directory;

  /** Where the stack keeps its state, as the option {@code --directory} takes it. */
  public static String directory() {
    return directory.toString();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .getOrComputeIfAbsent(Running.class, type -> new Running(), Running.class)
        .freeTheSlots();
  }

  /** Runs {@code local up} for the stack, on ports that are free. */
  public static int up(TestConsole console, String directory) {
    return console.run(
        "local",
        "up",
        "--directory",
        directory,
        "--kafka-port",
        "0",
        "--postgres-port",
        "0",
        "--flink-port",
        "0");
  }

  /** Waits until Flink tells that the job is healthy; what it tells is up to 3 s old. */
  public static void awaitHealthyJob(TestConsole console) {
    Awaitility.await("the job is healthy")
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                Assertions.assertThat(console.run("status", "--directory", directory()))
                    .as(console.err())
                    .isZero());
  }

  private static final class Running implements AutoCloseable {
    private final TestConsole console = TestConsole.real();

    Running() {
      try {
        directory = Files.createTempDirectory("trafficctl-it").resolve("stück");
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      if (up(console, directory()) != 0) {
        throw new AssertionError("the stack does not come up: " + console.err());
      }
    }

    /** The jobs that another class has left running would take the slots of this one's. */
    void freeTheSlots() {
      TestConsole cleaner = TestConsole.real();
      FlinkClient flink = FlinkClient.at(flink(cleaner), new ShellCommands());
      flink.jobs().stream().filter(job -> !job.ended()).forEach(job -> flink.cancel(job.id()));
      Awaitility.await("every job has ended")
          .atMost(Duration.ofMinutes(2))
          .until(() -> flink.jobs().stream().allMatch(JobSummary::ended));
    }

    private static String flink(TestConsole console) {
      console.run("local", "status", "-o", "json", "--directory", directory());
      try {
        return new JsonMapper().readTree(console.out()).at("/addresses/flink").asText();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() throws IOException {
      if (console.run("local", "down", "--wipe", "--directory", directory()) != 0) {
        throw new AssertionError("the stack does not go down: " + console.err());
      }
      Files.deleteIfExists(directory);
      Files.delete(directory.getParent());
    }
  }
}
