package dev.trafficctl.cli.documentation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.TestConsole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Completes in a real bash. */
class BashCompletionTest {
  @TempDir Path directory;
  private Path script;

  @BeforeEach
  void writeScript() throws IOException {
    TestConsole console = TestConsole.frozen();
    assertThat(console.run("completion", "bash")).isZero();
    script = Files.writeString(directory.resolve("trafficctl.bash"), console.out());
  }

  /** What bash offers when the line ends where the text ends. */
  private List<String> complete(String line) throws IOException, InterruptedException {
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                """
                source "$1"
                COMP_LINE=$2 COMP_POINT=${#2}
                _trafficctl
                [ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\\n' "${COMPREPLY[@]}"
                """,
                "bash",
                script.toString(),
                line)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    bash.getOutputStream().close();
    String offered = new String(bash.getInputStream().readAllBytes(), UTF_8);
    assertThat(bash.waitFor()).isZero();
    return offered.lines().toList();
  }

  /** A program that answers as {@code __complete} would, and tells what it was asked. */
  private Path program(String... names) throws IOException {
    Files.write(directory.resolve("names"), List.of(names));
    Path program =
        Files.writeString(
            directory.resolve("program"),
            """
            #!/bin/sh
            cd "$(dirname "$0")" && printf '%s\\n' "$@" >asked && cat names
            """);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program;
  }

  @Test
  void bashAcceptsTheScript() throws Exception {
    Process bash = new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();
    assertThat(bash.waitFor()).isZero();
  }

  @Test
  void offersCommandsButNoHiddenOne() throws Exception {
    assertThat(complete("trafficctl "))
        .contains("demo", "local", "submit", "completion")
        .doesNotContain("__complete");
    assertThat(complete("trafficctl de")).containsExactly("demo");
    assertThat(complete("trafficctl local "))
        .containsExactly("up", "down", "status", "logs", "traffic");
    assertThat(complete("trafficctl --debug local st")).containsExactly("status");
    assertThat(complete("trafficctl nonsense x")).isEmpty();
  }

  @Test
  void offersOptions() throws Exception {
    assertThat(complete("trafficctl local up --kafka")).containsExactly("--kafka-port");
    assertThat(complete("trafficctl local status --o")).containsExactly("--output");
  }

  @Test
  void offersValuesBehindABlankAndBehindAnEqualsSign() throws Exception {
    assertThat(complete("trafficctl local status -o ")).containsExactly("table", "json", "yaml");
    assertThat(complete("trafficctl local status --output=j")).containsExactly("json");
    assertThat(complete("trafficctl completion ")).containsExactly("bash", "zsh", "fish");
  }

  @Test
  void takesTheValueOfAnOptionForNoCommand() throws Exception {
    assertThat(complete("trafficctl local up --slots 2 --sec")).containsExactly("--security");
    assertThat(complete("trafficctl local --debug up --security ")).contains("sasl_ssl");
  }

  @Test
  void offersNothingForTheSettingsOfTheJob() throws Exception {
    assertThat(complete("trafficctl submit -- --")).isEmpty();
  }

  @Test
  void offersNamesAsTheyAreAndRunsNothingOfThem() throws Exception {
    script =
        Files.writeString(script, Completion.script(new CommandLine(new Program()), Shell.BASH));
    Path program = program("traffic", "two words", "$(touch pwned)", "`touch pwned`", "a:b");
    assertThat(complete(program + " stop --flink http://flink:8081 "))
        .containsExactly(
            "traffic", "two\\ words", "\\$\\(touch\\ pwned\\)", "\\`touch\\ pwned\\`", "a:b");
    assertThat(directory.resolve("pwned")).doesNotExist();
    assertThat(Files.readAllLines(directory.resolve("asked")))
        .containsExactly("__complete", "jobs", "--", "stop", "--flink", "http://flink:8081");
    assertThat(complete(program + " stop tr")).containsExactly("traffic");
    assertThat(complete(program + " stop a:")).containsExactly("b");
    assertThat(complete(program + " stop --context=")).contains("traffic");
    assertThat(Files.readAllLines(directory.resolve("asked"))).startsWith("__complete", "contexts");
  }

  @Test
  void aProgramThatCannotAnswerOffersNothing() throws Exception {
    script =
        Files.writeString(script, Completion.script(new CommandLine(new Program()), Shell.BASH));
    assertThat(complete(directory.resolve("gone") + " stop ")).isEmpty();
  }

  @Command(name = "trafficctl", subcommands = Stop.class)
  static final class Program {}

  @Command(name = "stop")
  static final class Stop {
    @Option(names = "--flink", paramLabel = "URL")
    String flink;

    @Option(names = "--context", paramLabel = "CONTEXT")
    String context;

    @Parameters(paramLabel = "JOB")
    String job;
  }
}
