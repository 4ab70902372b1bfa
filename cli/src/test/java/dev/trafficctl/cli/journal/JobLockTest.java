package dev.trafficctl.cli.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobLockTest {
  private static final String FLINK = "http://127.0.0.1:8081/";

  @TempDir Path directory;

  private static Journal journal(Path root, String user) {
    return new Journal(
        root,
        Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC),
        time -> {},
        new Author(user, "host"),
        new ShellCommands());
  }

  private JobLock lock(String job) {
    return journal(directory, "bob").lock(FLINK, job, "stop");
  }

  @Test
  void whoComesSecondIsToldWhoIsFirst() {
    try (JobLock first = lock("traffic")) {
      assertThat(first.job()).isEqualTo("traffic");
      assertThatThrownBy(() -> lock("traffic"))
          .isInstanceOfSatisfying(
              CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED))
          .hasMessage(
              "bob@host (process "
                  + ProcessHandle.current().pid()
                  + ") is doing stop on traffic since 2026-01-31T12:00:00Z; wait for it, or see:"
                  + " trafficctl operations");
    }
  }

  @Test
  void otherJobsAreFree() {
    try (JobLock first = lock("traffic");
        JobLock second = lock("another")) {
      assertThat(first).isNotSameAs(second);
    }
  }

  @Test
  void isFreeAgainAfterwards() {
    lock("traffic").close();
    lock("traffic").close();
  }

  @Test
  void isFreeOnceTheProcessThatHasItIsKilled() throws IOException, InterruptedException {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
      String id = said.readLine();
      String words =
          "alice@host (process "
              + holder.pid()
              + ") is doing stop on traffic since 2026-01-31T12:00:00Z (operation "
              + id
              + ")";
      assertThatThrownBy(() -> lock("traffic"))
          .hasMessage(words + "; wait for it, or see: trafficctl operations");
      Operation operation = journal(directory, "bob").open(FLINK, "traffic").get(0);
      assertThat(operation.id()).isEqualTo(id);
      assertThat(journal(directory, "bob").isRunning(operation)).isTrue();
      holder.destroyForcibly().waitFor();
      assertThat(journal(directory, "bob").isRunning(operation)).isFalse();
      try (JobLock lock = lock("traffic")) {
        assertThat(journal(directory, "bob").open(FLINK, "traffic"))
            .extracting(Operation::id)
            .containsExactly(id);
        assertThat(lock.flink()).isEqualTo(FLINK);
      }
    } finally {
      holder.destroyForcibly();
    }
  }

  /** Another process that begins an operation and never ends it. */
  static final class Holder {
    private Holder() {}

    /** Prints the operation's id and waits to be killed. */
    public static void main(String[] arguments) throws InterruptedException {
      Journal journal = journal(Path.of(arguments[0]), "alice");
      JobLock lock = journal.lock(FLINK, "traffic", "stop");
      Asked asked = new Asked("stop", FLINK, null, null, "traffic", Map.of());
      System.out.println(journal.begin(lock, asked).id());
      Thread.currentThread().join();
    }
  }
}
