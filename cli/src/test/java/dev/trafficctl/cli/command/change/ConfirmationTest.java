package dev.trafficctl.cli.command.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfirmationTest {
  private static final String QUESTION =
      "production (http://127.0.0.1:8081/) is protected, and this will stop the job traffic.\n"
          + "Type the job's name to go on: ";

  private final TestConsole console = TestConsole.frozen();

  private static Cluster cluster(boolean isProtected) {
    return new Cluster(
        "production",
        FlinkClient.at("http://127.0.0.1:8081", new ShellCommands()),
        null,
        Map.of(),
        null,
        null,
        null,
        null,
        null,
        null,
        isProtected,
        List.of(),
        null,
        Map.of(),
        new ShellCommands());
  }

  private void confirm(boolean isProtected, String yes, String job) {
    Confirmation confirmation = new Confirmation(console.environment());
    confirmation.yes = yes;
    confirmation.confirm(cluster(isProtected), job, "stop the job " + job);
  }

  @Test
  void anUnprotectedClusterNeedsNone() {
    assertThatCode(() -> confirm(false, null, "traffic")).doesNotThrowAnyException();
    assertThat(console.err()).isEqualTo("");
  }

  @Test
  void theOptionConfirms() {
    assertThatCode(() -> confirm(true, "traffic", "traffic")).doesNotThrowAnyException();
    assertThat(console.err()).isEqualTo("");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theOptionWithAnotherNameIsRefusedEverywhere(boolean isProtected) {
    refused(
        () -> confirm(isProtected, "Traffic", "traffic"),
        "--yes names Traffic, but the job is traffic; nothing was changed");
  }

  @Test
  void withoutATerminalTheOptionIsDemanded() {
    refused(
        () -> confirm(true, null, "traffic"),
        "production (http://127.0.0.1:8081/) is protected, and this will stop the job traffic;"
            + " confirm it with --yes=traffic; nothing was changed");
    refused(
        () -> confirm(true, null, "it's on"),
        "production (http://127.0.0.1:8081/) is protected, and this will stop the job it's on;"
            + " confirm it with --yes='it'\\''s on'; nothing was changed");
  }

  @Test
  void onATerminalTheNameIsAskedFor() {
    console.typing(" traffic\n");
    assertThatCode(() -> confirm(true, null, "traffic")).doesNotThrowAnyException();
    assertThat(console.err()).isEqualTo(QUESTION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes\n", "\n", "TRAFFIC\n"})
  void anotherAnswerIsRefused(String answer) {
    console.typing(answer);
    refused(
        () -> confirm(true, null, "traffic"),
        "that is not the job's name, traffic; nothing was changed");
    assertThat(console.err()).isEqualTo(QUESTION);
  }

  @Test
  void theEndOfTheInputIsRefused() {
    console.typing("");
    refused(
        () -> confirm(true, null, "traffic"),
        "that is not the job's name, traffic; nothing was changed");
    assertThat(console.err()).isEqualTo(QUESTION + "\n");
  }

  private static void refused(Runnable confirm, String message) {
    assertThatThrownBy(confirm::run)
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED))
        .hasMessage(message);
  }
}
