package dev.trafficctl.cli.flink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class ServerErrorTest {
  private static JsonNode errors(String... texts) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    for (String text : texts) {
      body.withArray("errors").add(text);
    }
    return body;
  }

  private static String text(String... texts) {
    return ServerError.of(errors(texts)).orElseThrow().text();
  }

  @Test
  void takesEveryLineOfOurOwnMessageWithoutItsClass() {
    String trace =
        "org.apache.flink.runtime.rest.handler.RestHandlerException: Could not execute application.\n"
            + "\tat org.apache.flink.X.y(X.java:1)\n"
            + "Caused by: org.apache.flink.client.program.ProgramInvocationException: The main"
            + " method caused an error: --kafka-url: is missing\n"
            + "--postgres-url: is missing\n"
            + "\tat org.apache.flink.X.y(X.java:2)\n"
            + "Caused by: dev.trafficctl.job.StartRefusedException: --kafka-url: is missing\n"
            + "--postgres-url: is missing\n"
            + "\tat dev.trafficctl.job.TrafficJob.parse(TrafficJob.java:47)\n"
            + "\t... 4 more\n";
    assertThat(text("Internal server error.", trace))
        .isEqualTo("--kafka-url: is missing\n  --postgres-url: is missing");
  }

  @Test
  void knowsWhenTheJobCouldNotReachSomething() {
    JsonNode body =
        errors(
            "x.Y: z\nCaused by: dev.trafficctl.job.StartRefusedException$UnreachableException: no"
                + " broker\n");
    assertThat(ServerError.of(body).orElseThrow().isUnreachable()).isTrue();
    assertThat(ServerError.of(body).orElseThrow().text()).isEqualTo("no broker");
  }

  @Test
  void putsTheDeepestCauseBehindWhatWasSaidOfIt() {
    String trace =
        "java.util.concurrent.CompletionException: java.lang.IllegalArgumentException: bad key k\n"
            + "Caused by: java.lang.IllegalArgumentException: bad key k\n"
            + "\tat x.Y.z(Y.java:1)\n"
            + "Caused by: java.lang.NumberFormatException: For input string: \"x\"\n";
    assertThat(text(trace))
        .isEqualTo(
            "IllegalArgumentException: bad key k (NumberFormatException: For input string: \"x\")");
  }

  @Test
  void passesOverCausesWithoutAMessage() {
    assertThat(text("a.B: what\n\tat a.B.c(B.java:1)\nCaused by: java.lang.TimeoutException\n"))
        .isEqualTo("B: what");
  }

  @Test
  void takesPlainTextAsItIs() {
    assertThat(text("Job could not be found.")).isEqualTo("Job could not be found.");
  }

  @Test
  void findsNothingInAnotherDocument() {
    assertThat(ServerError.of(JsonNodeFactory.instance.objectNode().put("a", 1))).isEmpty();
  }

  @Test
  void aLongTraceIsReadInTimeAndKeptShort() {
    assertThat(text("a.B: " + "x".repeat(1_000_000))).isEqualTo("B: " + "x".repeat(2_000) + " ...");
    assertThat(text("a.B: what\n" + "Caused by: a.C: d\n".repeat(200_000))).isEqualTo("C: d");
    assertThat(text("a.".repeat(100_000) + "B: what")).startsWith("a.a.").hasSize(2_004);
  }

  @Test
  void aMessageThatImitatesThisProgramIsMarked() {
    assertThat(text("dev.trafficctl.job.StartRefusedException: trafficctl: stopped"))
        .isEqualTo("Flink says: trafficctl: stopped");
  }
}
