package dev.trafficctl.cli.command.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.TestConsole;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobsCommandTest {
  private static final String ENDED = "cccccccccccccccccccccccccccccccc";

  private final TestConsole console = TestConsole.frozen();
  private final FakeFlink flink = new FakeFlink();

  @AfterEach
  void close() {
    flink.close();
  }

  private void jobs(String... jobs) {
    flink.answer("/jobs/overview", "{\"jobs\":[" + String.join(",", jobs) + "]}");
  }

  private int run(String... more) {
    String[] all = new String[more.length + 3];
    all[0] = "jobs";
    all[1] = "--flink";
    all[2] = flink.url();
    System.arraycopy(more, 0, all, 3, more.length);
    return console.run(all);
  }

  @Test
  void showsTheJobsThatHaveNotEnded() {
    jobs(
        FakeFlink.job(ENDED, "traffic", "FAILED"),
        FakeFlink.job(FakeFlink.JOB, "traffic", "RUNNING"));
    assertThat(run()).isZero();
    assertThat(console.out())
        .isEqualTo(
            """
            JOB ID                            NAME     STATE    TASKS  STARTED               AGE  LAST CHANGE
            aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa  traffic  RUNNING  2/2    2026-01-31T11:00:00Z  1h   59m 55s ago
            """);
    assertThat(console.err()).isEqualTo("");
  }

  @Test
  void showsEndedOnesWhenAsked() {
    jobs(FakeFlink.job(ENDED, "traffic", "FAILED"));
    assertThat(run("--all")).isZero();
    assertThat(console.out()).contains(ENDED + "  traffic  FAILED");
    assertThat(console.err()).isEqualTo("");
  }

  @Test
  void saysWhatHasEndedWhenNothingRuns() {
    jobs(FakeFlink.job(ENDED, "traffic", "FAILED"));
    assertThat(run()).isZero();
    assertThat(console.out()).isEqualTo("JOB ID  NAME  STATE  TASKS  STARTED  AGE  LAST CHANGE\n");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: no job runs on "
                + flink.url()
                + "; the newest that has ended is traffic (cccccccccccccccccccccccccccccccc),"
                + " FAILED since 2026-01-31T11:00:05Z; see: trafficctl jobs --all --flink "
                + flink.url()
                + "\n");
  }

  @Test
  void saysThatThereIsNone() {
    jobs();
    assertThat(run("-o", "json")).isZero();
    assertThat(console.out())
        .isEqualTo(
            """
            {
              "apiVersion" : "trafficctl/v1",
              "jobs" : [ ]
            }
            """);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Flink on "
                + flink.url()
                + " knows no job; start one that it lost with: trafficctl restart JOB"
                + " --from-checkpoint latest --flink "
                + flink.url()
                + ", and a new one with: trafficctl submit --flink "
                + flink.url()
                + "\n");
  }

  @Test
  void givesThemAsJson() {
    jobs(FakeFlink.job(FakeFlink.JOB, "traffic", "RUNNING"));
    assertThat(run("-o", "json")).isZero();
    assertThat(console.out())
        .isEqualTo(
            """
            {
              "apiVersion" : "trafficctl/v1",
              "jobs" : [ {
                "jobId" : "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "name" : "traffic",
                "state" : "RUNNING",
                "runningTasks" : 2,
                "tasks" : 2,
                "started" : "2026-01-31T11:00:00Z",
                "changed" : "2026-01-31T11:00:05Z"
              } ]
            }
            """);
  }

  @Test
  void letsNoTerminalActOnAName() {
    jobs(FakeFlink.job(FakeFlink.JOB, "a\\u001b[31m\\u202eb", "RUNNING"));
    assertThat(run()).isZero();
    assertThat(console.out()).contains("  a\\u001B[31m\\u202Eb  ").doesNotContain("\u001b");
    assertThat(run("-o", "json")).isZero();
    assertThat(console.out()).contains("\"a\\u001B[31m\\u202Eb\"");
  }
}
