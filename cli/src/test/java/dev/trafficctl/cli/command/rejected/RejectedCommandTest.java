package dev.trafficctl.cli.command.rejected;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.TestConsole;
import org.junit.jupiter.api.Test;

class RejectedCommandTest {
  private final TestConsole console = TestConsole.frozen();

  private void refuses(String message, String... arguments) {
    assertThat(console.run(arguments)).isEqualTo(2);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err()).startsWith("trafficctl: " + message).hasLineCount(1);
  }

  @Test
  void refusesWhatIsNoSelectionBeforeAnythingIsAsked() {
    for (String verb : new String[] {"list", "retry"}) {
      refuses(
          "--reason: there is no reason refused; known are: refused_by_postgres, too_large, ",
          "rejected",
          verb,
          "--reason",
          "refused");
      refuses(
          "--from: timestamp '1769860800' looks like seconds; give epoch milliseconds:"
              + " 1769860800000\n",
          "rejected",
          verb,
          "--from",
          "1769860800");
      refuses(
          "--from: timestamp '1969-12-31T23:59:59Z' lies before 1970; for all from the first leave"
              + " --from out\n",
          "rejected",
          verb,
          "--from",
          "1969-12-31T23:59:59Z");
      refuses(
          "--from is 2026-01-31T11:00:00Z, which is not before --to, 2026-01-31T10:00:00Z\n",
          "rejected",
          verb,
          "--from=-1h",
          "--to=-2h");
      refuses(
          "--partition: '0=7' is not N or N=FROM..TO, for example 0=1200..1300\n",
          "rejected",
          verb,
          "--partition",
          "0=7");
      refuses(
          "--partition: 0=7..7 holds no offset: FROM is not before TO\n",
          "rejected",
          verb,
          "--partition",
          "0=7..7");
      refuses(
          "--partition: 0 is given twice\n",
          "rejected",
          verb,
          "--partition",
          "0",
          "--partition",
          "0=1..2");
    }
    refuses(
        "--limit: '0' is not a whole number from 1 to 2147483647\n",
        "rejected",
        "list",
        "--limit",
        "0");
  }
}
