package dev.trafficctl.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.command.option.Interruption;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A command in a process of its own, which prints to the files {@code out} and {@code err} of a
 * directory, and keeps its journal there.
 */
final class CommandProcess implements AutoCloseable {
  private static final Path JDK = Path.of(System.getProperty("java.home"), "bin");

  private final Process process;

  private CommandProcess(Process process) {
    this.process = process;
  }

  static CommandProcess start(Path directory, Map<String, String> variables, String... arguments)
      throws IOException {
    return start(System.getProperty("java.class.path"), directory, variables, arguments);
  }

  /** The same of another build: what that has otherwise than this one is in a directory. */
  static CommandProcess startOf(
      Path classes, Path directory, Map<String, String> variables, String... arguments)
      throws IOException {
    return start(
        classes + File.pathSeparator + System.getProperty("java.class.path"),
        directory,
        variables,
        arguments);
  }

  private static CommandProcess start(
      String classPath, Path directory, Map<String, String> variables, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                JDK.resolve("java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dtrafficctl.checkout=" + directory,
                "-cp",
                classPath,
                TrafficCtl.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(directory.resolve("err").toFile());
    builder.environment().putAll(variables);
    builder.environment().put("XDG_STATE_HOME", directory.toString());
    builder.environment().put("XDG_CONFIG_HOME", directory.toString());
    return new CommandProcess(builder.start());
  }

  /** Sends Ctrl-C, and returns when the command has heard of it. */
  void interrupt() throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor()).isZero();
    Awaitility.await("it has heard of Ctrl-C")
        .atMost(Duration.ofSeconds(20))
        .until(() -> threads().contains(Interruption.class.getName() + ".await"));
  }

  private String threads() throws IOException, InterruptedException {
    Process dump =
        new ProcessBuilder(JDK.resolve("jcmd").toString(), "" + process.pid(), "Thread.print")
            .start();
    String threads = new String(dump.getInputStream().readAllBytes(), UTF_8);
    dump.waitFor();
    return threads;
  }

  /** Ends it at once, as {@code kill -9} does, and returns when it has ended. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Writes all of its standard input. */
  void type(String text) throws IOException {
    try (OutputStream in = process.getOutputStream()) {
      in.write(text.getBytes(UTF_8));
    }
  }

  /** The exit code, once it has ended. */
  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
