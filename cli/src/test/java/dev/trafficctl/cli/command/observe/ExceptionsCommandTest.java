package dev.trafficctl.cli.command.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.TestConsole;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExceptionsCommandTest {
  private static final String DISK = "java.io.IOException: disk full\\n\\tat a.B.c(B.java:1)";
  private static final String GONE = "a.Gone: TaskManager \\u001b[2Jgone\\n\\tat a.B.d(B.java:2)";

  private final TestConsole console = TestConsole.frozen();
  private final FakeFlink flink = new FakeFlink().withTraffic();

  @AfterEach
  void close() {
    flink.close();
  }

  private void failures(String... entries) {
    flink.answer(
        "/jobs/" + FakeFlink.JOB + "/exceptions?maxExceptions=100",
        "{\"exceptionHistory\":{\"entries\":[" + String.join(",", entries) + "]}}");
  }

  /** A failure that many seconds after 11:59:00. */
  private static String at(int second, String trace, String taskManager) {
    return """
    {"timestamp":%d,"stacktrace":"%s","taskName":"read (1/2)","taskManagerId":%s}\
    """
        .formatted(1_769_860_740_000L + second * 1_000L, trace, taskManager);
  }

  private int run(String... more) {
    List<String> all = new ArrayList<>(List.of("exceptions", "--flink", flink.url()));
    all.addAll(List.of(more));
    return console.run(all.toArray(String[]::new));
  }

  @Test
  void equalCausesAreShownOnceTheNewestFirst() {
    failures(at(58, DISK, "null"), at(50, GONE, "\"tm-1\""), at(40, DISK, "\"tm-2\""));
    assertThat(run()).isZero();
    assertThat(console.out())
        .isEqualTo(
            """
            2026-01-31T11:59:58Z (2s ago), 2 times since 2026-01-31T11:59:40Z
              task         read (1/2)
              TaskManager  -
              IOException: disk full

            2026-01-31T11:59:50Z (10s ago)
              task         read (1/2)
              TaskManager  tm-1
              Gone: TaskManager \\u001B[2Jgone
            """);
    assertThat(console.err()).isEqualTo("");
  }

  @Test
  void asManyAsAskedForAndTheirTraces() {
    failures(at(58, DISK, "null"), at(50, GONE, "\"tm-1\""), at(40, DISK, "\"tm-2\""));
    assertThat(run("-n", "1", "--full")).isZero();
    assertThat(console.out())
        .isEqualTo(
            """
            2026-01-31T11:59:58Z (2s ago), 2 times since 2026-01-31T11:59:40Z
              task         read (1/2)
              TaskManager  -
              java.io.IOException: disk full
              \tat a.B.c(B.java:1)
            """);
    assertThat(console.err()).isEqualTo("trafficctl: 1 older; see them with -n\n");
  }

  @Test
  void asJson() {
    failures(at(58, DISK, "null"), at(40, DISK, "\"tm-2\""));
    assertThat(run("-o", "json")).isZero();
    assertThat(console.out())
        .isEqualTo(
            """
            {
              "apiVersion" : "trafficctl/v1",
              "jobId" : "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
              "name" : "traffic",
              "state" : "RUNNING",
              "exceptions" : [ {
                "cause" : "IOException: disk full",
                "count" : 2,
                "first" : "2026-01-31T11:59:40Z",
                "last" : "2026-01-31T11:59:58Z",
                "task" : "read (1/2)",
                "taskManager" : null,
                "stackTrace" : null
              } ]
            }
            """);
  }

  @Test
  void aJobThatNeverFailed() {
    failures();
    assertThat(run("traffic")).isZero();
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Flink remembers no failure of traffic (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa),"
                + " which is RUNNING\n");
  }

  @Test
  void refusesToShowNone() {
    assertThat(run("-n", "0")).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo("trafficctl: --number: '0' is not a whole number from 1 to 2147483647\n");
  }
}
