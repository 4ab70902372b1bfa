package dev.trafficctl.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The help is all that has colours.
 *
 * @see <a href="https://no-color.org/">NO_COLOR</a>
 */
class NoColorTest {
  /** What the help prints in a process of its own, because its environment decides. */
  private static String help(Map<String, String> variables) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            TrafficCtl.class.getName(),
            "jobs",
            "--help");
    builder.environment().keySet().removeAll(Set.of("NO_COLOR", "CLICOLOR_FORCE"));
    builder.environment().putAll(variables);
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }

  @Test
  void noColorWinsOverATerminalThatHasThem() throws IOException {
    assertThat(help(Map.of("CLICOLOR_FORCE", "1"))).contains("trafficctl jobs", "\u001b[");
    assertThat(help(Map.of("CLICOLOR_FORCE", "1", "NO_COLOR", "1")))
        .contains("trafficctl jobs")
        .doesNotContain("\u001b");
  }

  @Test
  void whatIsNoTerminalGetsNone() throws IOException {
    assertThat(help(Map.of())).contains("trafficctl jobs").doesNotContain("\u001b");
  }
}
