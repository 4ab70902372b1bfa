package dev.trafficctl.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.operation.RestartResult;
import dev.trafficctl.cli.output.Format;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class RestartViewTest {
  private static final String JOB = "0123456789abcdef0123456789abcdef";

  @Test
  void aJobThatIsKnownToRunIsSaidToRun() {
    assertThat(printed(ExitCode.DONE)).isEqualTo("job traffic runs as:\n" + JOB + "\nfile:/s\n");
  }

  @Test
  void aJobThatMayNotRunIsOnlySaidToHaveBeenStarted() {
    String started = "job traffic was started as:\n" + JOB + "\nfile:/s\n";

    assertThat(printed(ExitCode.OUTCOME_UNKNOWN)).isEqualTo(started);
    assertThat(printed(ExitCode.PARTLY_DONE)).isEqualTo(started);
  }

  private static String printed(ExitCode outcome) {
    StringWriter out = new StringWriter();
    RestartResult result =
        new RestartResult(
            "restart-20260131-120000-1a2b",
            "traffic",
            null,
            new JobId(JOB),
            1,
            null,
            "file:/s",
            null,
            outcome,
            "words",
            false);
    RestartView.print(result, Format.TABLE, new PrintWriter(out, true));
    return out.toString();
  }
}
