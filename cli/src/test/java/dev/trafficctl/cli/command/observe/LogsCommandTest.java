package dev.trafficctl.cli.command.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.TestConsole;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogsCommandTest {
  private final TestConsole console = TestConsole.frozen();
  private final FakeFlink flink =
      new FakeFlink()
          .withTraffic()
          .answer("/jobmanager/log", "one\ntwo\nthree \u001b[31m\n")
          .answer("/taskmanagers/tm-1/log", "four\nfive\n")
          .answer("/taskmanagers/tm-2/log", "six\n")
          .answer(
              "/taskmanagers",
              """
              {"taskmanagers":[
                {"id":"tm-1","slotsNumber":2,"freeSlots":0,"timeSinceLastHeartbeat":1769860790000},
                {"id":"tm-2","slotsNumber":2,"freeSlots":1,"timeSinceLastHeartbeat":1769860790000}]}\
              """)
          .answer(
              "/jobs/" + FakeFlink.JOB + "/vertices/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/taskmanagers",
              """
              {"taskmanagers":[{"taskmanager-id":"tm-1"},{"taskmanager-id":"(unassigned)"}]}\
              """);

  @AfterEach
  void close() {
    flink.close();
  }

  private int run(String... more) {
    List<String> all = new ArrayList<>(List.of("logs", "--flink", flink.url()));
    all.addAll(List.of(more));
    return console.run(all.toArray(String[]::new));
  }

  @Test
  void theJobManagersAndThoseOfTheTaskManagersThatRunTheJob() {
    assertThat(run("-n", "2")).isZero();
    assertThat(console.out())
        .isEqualTo(
            """
            ==> jobmanager <==
            two
            three \\u001B[31m
            ==> taskmanager tm-1 <==
            four
            five
            """);
    assertThat(console.err()).isEqualTo("");
  }

  @Test
  void asJson() {
    assertThat(run("-n", "1", "-o", "json", "traffic")).isZero();
    assertThat(console.out())
        .isEqualTo(
            """
            {
              "apiVersion" : "trafficctl/v1",
              "logs" : [ {
                "process" : "jobmanager",
                "taskManager" : null,
                "bytes" : 20,
                "cut" : false,
                "problem" : null,
                "lines" : [ "three \\u001B[31m" ]
              }, {
                "process" : "taskmanager",
                "taskManager" : "tm-1",
                "bytes" : 10,
                "cut" : false,
                "problem" : null,
                "lines" : [ "five" ]
              } ]
            }
            """);
  }

  @Test
  void withoutAnyJobThoseOfTheWholeCluster() {
    flink.answer("/jobs/overview", "{\"jobs\":[]}");
    assertThat(run("-n", "1")).isZero();
    assertThat(console.out())
        .isEqualTo(
            """
            ==> jobmanager <==
            three \\u001B[31m
            ==> taskmanager tm-1 <==
            five
            ==> taskmanager tm-2 <==
            six
            """);
  }

  @Test
  void oneProcessAndOneFile() {
    flink.answer("/jobmanager/logs/gc%2F..log", "gc\n");
    assertThat(run("--jobmanager", "--file", "gc/..log")).isZero();
    assertThat(console.out()).isEqualTo("gc\n");
    assertThat(run("--taskmanager", "tm-2")).isZero();
    assertThat(console.out()).isEqualTo("six\n");
  }

  @Test
  void aTaskManagerThatIsNotThere() {
    assertThat(run("--taskmanager", "../jars")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: no TaskManager '../jars' is registered; those that are: tm-1, tm-2\n");
    assertThat(flink.requests()).containsExactly("GET /taskmanagers");
  }

  @Test
  void aLogThatCannotBeReadIsNamedAndTheOthersAreShown() {
    flink.answer("/taskmanagers/tm-1/log", 500, "{\"errors\":[\"a.B: no log file\"]}");
    assertThat(run("-n", "1")).isEqualTo(1);
    assertThat(console.out()).isEqualTo("==> jobmanager <==\nthree \\u001B[31m\n");
    assertThat(console.err())
        .isEqualTo("trafficctl: cannot read the log of the TaskManager tm-1: B: no log file\n");
  }

  @Test
  void aTaskManagerThatIsGone() {
    flink.answer("/taskmanagers", "{\"taskmanagers\":[]}");
    assertThat(run("-n", "1")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: cannot read the log of the TaskManager tm-1: it is no longer registered;"
                + " its log is on its machine\n");
  }

  @Test
  void ofALargeLogOnlyTheEndIsKept() {
    byte[] chunk = ("x".repeat(1_023) + "\n").repeat(1_024).getBytes(UTF_8);
    flink.answer(
        "/jobmanager/log",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          for (int i = 0; i < 64; i++) {
            exchange.getResponseBody().write(chunk);
          }
          exchange.getResponseBody().write("the end\n".getBytes(UTF_8));
        });
    assertThat(run("--jobmanager", "-n", "1")).isZero();
    assertThat(console.out()).isEqualTo("the end\n");
    assertThat(console.err()).isEqualTo("");
    assertThat(run("--jobmanager", "-n", "100000")).isZero();
    assertThat(console.out()).endsWith("x\nthe end\n").hasLineCount(8_192);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: the log of the JobManager has 64.0 MiB; only the last 8,192 lines were"
                + " kept\n");
  }

  @Test
  void nonsenseIsRefused() {
    assertThat(run("-n", "0")).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo("trafficctl: --lines: '0' is not a whole number from 1 to 100000\n");
    assertThat(run("--jobmanager", "--taskmanager", "x")).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo("trafficctl: give --jobmanager or --taskmanager, not both\n");
    assertThat(run("--timeout", "0s")).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: --timeout: '0s' is not a length of time from 1ms to 36500d; give for"
                + " example 200ms, 30s, 1m30s or 2d\n");
  }
}
