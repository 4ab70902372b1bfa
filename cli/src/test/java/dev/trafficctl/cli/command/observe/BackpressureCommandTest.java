package dev.trafficctl.cli.command.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.TestConsole;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackpressureCommandTest {
  private static final String PATH =
      "/jobs/" + FakeFlink.JOB + "/vertices/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/backpressure";
  private static final String NOT_YET = "{\"status\":\"deprecated\",\"subtasks\":[]}";

  private final FakeFlink flink = new FakeFlink().withTraffic();
  private final AtomicInteger questions = new AtomicInteger();
  private TestConsole console = TestConsole.frozen();

  @AfterEach
  void close() {
    flink.close();
  }

  private static String measured(String level, String ratio, String idle, String busy) {
    return """
    {"status":"ok","backpressureLevel":"%s","subtasks":[
      {"subtask":0,"ratio":%s,"idleRatio":%s,"busyRatio":%s},
      {"subtask":1,"ratio":0.0,"idleRatio":1.0,"busyRatio":0.0}]}\
    """
        .formatted(level, ratio, idle, busy);
  }

  private void inTurn(String... bodies) {
    flink.answer(
        PATH,
        exchange -> {
          int turn = Math.min(questions.getAndIncrement(), bodies.length - 1);
          byte[] bytes = bodies[turn].getBytes(UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
        });
  }

  private int run(String... more) {
    List<String> all = new ArrayList<>(List.of("backpressure", "--flink", flink.url()));
    all.addAll(List.of(more));
    return console.run(all.toArray(String[]::new));
  }

  @Test
  void asksUntilFlinkHasMeasuredEverySubtask() {
    console = TestConsole.jumping();
    inTurn(NOT_YET, measured("ok", "0.0", "0.0", "0.0"), measured("high", "0.613", "0.1", "0.287"));
    assertThat(run()).isZero();
    assertThat(questions.get()).isEqualTo(3);
    assertThat(console.out())
        .isEqualTo(
            """
            TASK                    SUBTASK  LEVEL  BACKPRESSURED  IDLE  BUSY
            Source: read -> filter        0  high   61%            10%   29%
                                          1         0%             100%  0%
            """);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: backpressure is high: a savepoint will be slow and may time out; compare"
                + " the duration of the last checkpoint with the time-out: trafficctl status"
                + " --flink "
                + flink.url()
                + "\n");
  }

  @Test
  void whatIsNotMeasuredInTimeIsUnknown() {
    console = TestConsole.jumping();
    inTurn(measured("ok", "0.0", "0.0", "0.0"));
    assertThat(run("--timeout", "2s")).isZero();
    assertThat(questions.get()).isEqualTo(5);
    assertThat(console.out())
        .isEqualTo(
            """
            TASK                    SUBTASK  LEVEL  BACKPRESSURED  IDLE  BUSY
            Source: read -> filter        0  -      -              -     -
                                          1         0%             100%  0%
            """);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Flink has not measured all tasks; ask again soon, or give --timeout\n");
  }

  @Test
  void asJson() {
    inTurn(measured("low", "0.25", "0.25", "0.5"));
    assertThat(run("-o", "json")).isZero();
    assertThat(console.out())
        .isEqualTo(
            """
            {
              "apiVersion" : "trafficctl/v1",
              "jobId" : "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
              "name" : "traffic",
              "vertices" : [ {
                "vertexId" : "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                "name" : "Source: read -> filter",
                "level" : "low",
                "subtasks" : [ {
                  "subtask" : 0,
                  "backpressured" : 0.25,
                  "idle" : 0.25,
                  "busy" : 0.5
                }, {
                  "subtask" : 1,
                  "backpressured" : 0.0,
                  "idle" : 1.0,
                  "busy" : 0.0
                } ]
              } ]
            }
            """);
    assertThat(console.err())
        .isEqualTo("trafficctl: there is some backpressure: a savepoint takes longer than usual\n");
  }

  @Test
  void asJsonWithoutAnythingMeasured() {
    inTurn(measured("ok", "0.0", "0.0", "0.0"));
    assertThat(run("-o", "json", "--timeout", "0s")).isZero();
    assertThat(console.out()).contains("\"level\" : null", "\"backpressured\" : null");
  }

  @Test
  void aTimeThatIsNone() {
    assertThat(run("--timeout", "soon")).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo(
            """
            trafficctl: --timeout: 'soon' is not a length of time from 0s to 36500d; give for example 200ms, 30s, 1m30s or 2d
            """);
  }
}
