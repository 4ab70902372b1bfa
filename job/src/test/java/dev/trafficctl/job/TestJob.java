package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.model.Settings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/** The job, reading a test's topic on the shared stack; it is cancelled at the end of the test. */
final class TestJob implements AutoCloseable {
  private final RunningStack stack;
  private final TestTopic topic;
  private final List<String> arguments;
  private String id;

  TestJob(RunningStack stack, TestTopic topic, String... more) {
    this.stack = stack;
    this.topic = topic;
    arguments =
        new ArrayList<>(
            List.of(
                "--kafka-topic",
                topic.name(),
                "--kafka-group",
                "group-of-" + topic.name(),
                "--checkpoint-interval",
                "1s"));
    stack
        .addresses()
        .kafkaClient()
        .forEach(
            (name, value) -> {
              if (Settings.KAFKA_PROPERTIES.contains(name)) {
                arguments.add("--kafka." + name);
                arguments.add(value);
              }
            });
    arguments.addAll(List.of(more));
  }

  /** Starts the job and returns once it runs. */
  TestJob start() {
    return start(2, null);
  }

  TestJob start(int parallelism, String savepointPath) {
    id = stack.flink().run(stack.jarId(), arguments, parallelism, savepointPath);
    return this;
  }

  TestJob running() {
    stack.flink().awaitRunning(id);
    return this;
  }

  String id() {
    return id;
  }

  List<String> arguments() {
    return arguments;
  }

  int restarts() {
    return stack.flink().restarts(id);
  }

  /** What the job has registered of itself. */
  Map<String, String> description() {
    Map<String, String> description = new TreeMap<>();
    stack
        .flink()
        .get("/jobs/" + id + "/config")
        .at("/execution-config/user-config")
        .properties()
        .forEach(entry -> description.put(entry.getKey(), entry.getValue().asText()));
    return description;
  }

  /** Waits until an operator's counters of these names have these values. */
  void awaitCounters(String operator, Map<String, Long> expected) {
    Awaitility.await("counters of " + operator)
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              Map<String, Long> counters = stack.flink().counters(id, operator);
              counters.keySet().retainAll(expected.keySet());
              assertThat(counters).isEqualTo(expected);
            });
  }

  /** Waits until the job has found a partition, whether or not it holds an event. */
  void awaitPartition(int partition) {
    String vertex = stack.flink().get("/jobs/" + id).at("/vertices/0/id").asText();
    Awaitility.await("partition " + partition + " of " + topic.name())
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                stack
                    .flink()
                    .get("/jobs/" + id + "/vertices/" + vertex + "/subtasks/metrics")
                    .findValuesAsText("id")
                    .stream()
                    .anyMatch(name -> name.contains(".partition." + partition + ".")));
  }

  /** Waits until both tables together hold a number of rows of the test's topic. */
  void awaitRows(long processed, long rejected) {
    awaitRows(processed, rejected, Duration.ofSeconds(60));
  }

  void awaitRows(long processed, long rejected, Duration atMost) {
    awaitRows("processed_events", processed, "rejected_events", rejected, atMost);
  }

  /** The same of tables of other names, as SQL has them. */
  void awaitRows(String events, long processed, String rejections, long rejected) {
    awaitRows(events, processed, rejections, rejected, Duration.ofSeconds(60));
  }

  private void awaitRows(
      String events, long processed, String rejections, long rejected, Duration atMost) {
    Awaitility.await("rows of " + topic.name())
        .atMost(atMost)
        .untilAsserted(
            () ->
                assertThat(List.of(count(events), count(rejections)))
                    .isEqualTo(List.of(processed, rejected)));
  }

  /** How many rows of the test's topic a table holds, under whatever topic id. */
  long count(String table) throws Exception {
    return (long)
        query(
                "SELECT count(*) FROM "
                    + table
                    + " JOIN sources USING (source) WHERE topic = '"
                    + topic.name()
                    + "'")
            .get(0)
            .get(0);
  }

  /** The rows that a query returns. */
  List<List<Object>> query(String sql) throws Exception {
    try (Connection connection = stack.connect();
        PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet result = statement.executeQuery()) {
      List<List<Object>> rows = new ArrayList<>();
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
          row.add(result.getObject(column));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  @Override
  public void close() {
    if (id != null
        && !List.of("CANCELED", "FINISHED", "FAILED").contains(stack.flink().state(id))) {
      stack.flink().cancel(id);
    }
  }
}
