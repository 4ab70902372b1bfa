package dev.trafficctl.cli.command.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.TestConsole;
import org.junit.jupiter.api.Test;

class VerifyCommandTest {
  private final TestConsole console = TestConsole.frozen();

  private void refuses(int exitCode, String message, String... arguments) {
    assertThat(console.run(arguments)).isEqualTo(exitCode);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err()).isEqualTo("trafficctl: " + message + "\n");
  }

  @Test
  void refusesWhatIsNoRangeBeforeAnythingIsAsked() {
    refuses(
        2, "--limit: '-1' is not a whole number from 0 to 2147483647", "verify", "--limit", "-1");
    refuses(
        2,
        "--from: '0' is not <partition>=<offset>; give for example offsets:0=100,1=250",
        "verify",
        "--from",
        "1=7,0");
    refuses(
        2,
        "--to: timestamp '1769860800' looks like seconds; give epoch milliseconds:"
            + " 1769860800000",
        "verify",
        "--to",
        "1769860800");
    refuses(
        2,
        "--from: timestamp '1969-12-31T23:59:59Z' lies before 1970; for the first event give --from"
            + " earliest",
        "verify",
        "--from",
        "1969-12-31T23:59:59Z");
    refuses(
        2,
        "--to: timestamp '1969-12-31T23:59:59Z' lies before 1970; give a later time",
        "verify",
        "--to",
        "1969-12-31T23:59:59Z");
    refuses(
        2,
        "--from: timestamp '2026-02-01T00:00:00Z' lies in the future; it is 2026-01-31T12:00:00Z"
            + " now",
        "verify",
        "--from",
        "2026-02-01T00:00:00Z");
  }
}
