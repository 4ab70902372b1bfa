package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.trafficctl.local.Security;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartRefusedIT {
  private final RunningStack stack = RunningStack.with(Security.PLAINTEXT);

  @Test
  void tellsEveryBadSettingAtOnce() {
    assertThat(refusal("--batch-rows=many", "--kafka-topic=no topic", "--nonsense"))
        .isEqualTo(
            """
            --nonsense: there is no such setting; see --help
            --kafka-topic: 'no topic' is no topic name; it has up to 249 letters, digits, dots, \
            dashes and underscores
            --batch-rows: 'many' is not a whole number from 1 to 100000""");
  }

  @Test
  void tellsThatItCannotHaveAParallelism() {
    assertThat(refusal(3, "--max-parallelism=2"))
        .isEqualTo(
            "parallelism 3 is more than the job's max parallelism 2; give at most that, or a higher"
                + " --max-parallelism to a job that starts without state");
  }

  @Test
  void namesAMissingTopic() {
    assertThat(refusal("--kafka-topic=nowhere"))
        .isEqualTo(
            "Kafka at %s has no topic 'nowhere'; create it, or correct --kafka-topic"
                .formatted(stack.addresses().kafka()));
  }

  @Test
  void namesABrokerThatDoesNotAnswerAndAnUnknownDatabaseUserTogether() throws Exception {
    try (ServerSocket silent = new ServerSocket(0)) {
      String lines =
          refusal("--kafka-url=127.0.0.1:" + silent.getLocalPort(), "--postgres-user=nobody");

      assertThat(lines.lines().toList())
          .satisfiesExactly(
              kafka ->
                  assertThat(kafka)
                      .isEqualTo(
                          "Kafka at 127.0.0.1:%d does not answer; check --kafka-url, that the broker runs, and whether it wants SASL_SSL"
                              .formatted(silent.getLocalPort())),
              postgres ->
                  assertThat(postgres)
                      .startsWith("Postgres at " + stack.addresses().postgres())
                      .contains(" cannot be connected to as user 'nobody': ")
                      .endsWith(
                          "; check POSTGRES_USER and POSTGRES_PASSWORD, for the job in the"
                              + " environment of the JobManager and of every TaskManager"));
    }
  }

  @Test
  void aPortWhereSomethingElseAnswersDoesNotCostTheCluster() {
    String http = stack.addresses().flink().replace("http://", "");
    assertThat(refusal("--kafka-url=" + http))
        .isEqualTo(
            "Kafka at %1$s cannot be used (%1$s speaks HTTP (HTTP/1.1 404 Not Found)); check --kafka-url"
                .formatted(http));
    String postgres =
        URI.create(stack.addresses().postgres().substring("jdbc:".length())).getAuthority();
    assertThat(refusal("--kafka-url=" + postgres))
        .startsWith("Kafka at %1$s cannot be used (%1$s ".formatted(postgres));
  }

  @Test
  void namesADatabaseThatDoesNotAnswer() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    try (TestTopic topic = new TestTopic(stack, 1)) {
      assertThat(
              refusal(
                  "--kafka-topic=" + topic.name(),
                  "--postgres-url=jdbc:postgresql://127.0.0.1:" + closed + "/traffic"))
          .startsWith(
              "Postgres at jdbc:postgresql://127.0.0.1:%d/traffic cannot be connected to"
                  .formatted(closed))
          .endsWith("; check host and port in POSTGRES_URL, and that Postgres runs");
    }
  }

  @Test
  void namesTheMissingTables() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      String url = stack.addresses().postgres();
      String lines =
          refusal(
              "--kafka-topic=" + topic.name(),
              "--postgres-url=" + url.substring(0, url.lastIndexOf('/')) + "/postgres");

      assertThat(lines.lines().map(line -> line.replaceFirst("user '.*?/postgres", "...")).toList())
          .isEqualTo(
              List.of(
                  "Postgres, ..., has no table 'sources'; run: trafficctl schema apply",
                  "Postgres, ..., has no table 'processed_events'; run: trafficctl schema apply",
                  "Postgres, ..., has no table 'rejected_events'; run: trafficctl schema apply"));
    }
  }

  private String refusal(String... arguments) {
    return refusal(1, arguments);
  }

  private String refusal(int parallelism, String... arguments) {
    return catchThrowableOfType(
            FlinkRest.Refused.class,
            () -> stack.flink().run(stack.jarId(), List.of(arguments), parallelism, null))
        .rootCause();
  }
}
