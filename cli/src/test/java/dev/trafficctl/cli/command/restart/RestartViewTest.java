package dev.trafficctl.cli.command.restart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.kafka.PartitionStart;
import dev.trafficctl.cli.kafka.StartPlan;
import dev.trafficctl.cli.operation.change.Restarted;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.process.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartViewTest {
  private static final String JOB = "0123456789abcdef0123456789abcdef";

  private static final String PATH = "file:/s";

  private static StartPlan partitions(long offset) {
    return new StartPlan(
        List.of(
            new PartitionStart(0, offset, null, 10L, 10 - offset, 0L, 20 - offset, 0, null, 20)),
        List.of());
  }

  @Test
  void theLastLineIsTheIdOfTheJobThatWasStarted() {
    assertThat(printed(ExitCode.DONE, JOB, PATH, null))
        .isEqualTo("way back: file:/s\njob traffic runs as:\n" + JOB + "\n");
    assertThat(printed(ExitCode.DONE, JOB, null, null))
        .isEqualTo("job traffic runs as:\n" + JOB + "\n");
  }

  @Test
  void aJobThatMayNotRunIsOnlySaidToHaveBeenStarted() {
    String started = "way back: file:/s\njob traffic was started as:\n" + JOB + "\n";

    assertThat(printed(ExitCode.OUTCOME_UNKNOWN, JOB, PATH, null)).isEqualTo(started);
    assertThat(printed(ExitCode.PARTLY_DONE, JOB, PATH, null)).isEqualTo(started);
  }

  @Test
  void theLastLineIsTheWayBackWhenNoJobWasStarted() {
    assertThat(printed(ExitCode.PARTLY_DONE, null, PATH, partitions(7))).isEqualTo("file:/s\n");
    assertThat(printed(ExitCode.FAILED, null, null, partitions(7))).isEqualTo("");
  }

  @Test
  void partitionsAreShownAgainOnlyIfTheyAreNotAsPlanned() {
    assertThat(printed(ExitCode.DONE, JOB, null, partitions(7)))
        .isEqualTo(
            "each partition is read from where the plan says; read again: 3, skipped: 0, to the"
                + " end: 13\njob traffic runs as:\n"
                + JOB
                + "\n");
    assertThat(printed(ExitCode.DONE, JOB, null, partitions(6)))
        .startsWith("PARTITION  OFFSET")
        .contains("\nread again: 4, skipped: 0, to the end: 14\njob traffic runs as:\n");
  }

  @Test
  void theDocumentHasTheFieldsOfEveryChange() throws IOException {
    JsonNode document =
        new JsonMapper().readTree(shown(ExitCode.PARTLY_DONE, JOB, PATH, null, Format.JSON));
    assertThat(document.path("verb").asText()).isEqualTo("restart");
    assertThat(document.path("outcome").asText()).isEqualTo("partly_done");
    assertThat(document.path("exitCode").asInt()).isEqualTo(7);
    assertThat(document.path("open").asBoolean(true)).isFalse();
    assertThat(document.path("checkpoint").isNull()).isTrue();
    assertThat(document.path("path").asText()).isEqualTo(PATH);
    assertThat(document.path("wayBack").asText()).isEqualTo(PATH);
  }

  private static String printed(
      ExitCode outcome, String jobId, String ended, StartPlan partitions) {
    return shown(outcome, jobId, ended, partitions, Format.TABLE);
  }

  /** The result of a restart whose plan began at offset 7. */
  private static String shown(
      ExitCode outcome, String jobId, String ended, StartPlan partitions, Format format) {
    StringWriter out = new StringWriter();
    Result result =
        new Result(
                "restart-20260131-120000-1a2b",
                "restart",
                "traffic",
                jobId == null ? null : new JobId(jobId),
                outcome,
                null,
                ended,
                "words",
                false)
            .with(new Restarted(null, 1, null, partitions));
    RestartView.print(result, partitions(7), format, new PrintWriter(out, true));
    return out.toString();
  }
}
