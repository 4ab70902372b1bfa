package dev.trafficctl.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.local.Security;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsIT {
  private static final int EVENTS = 2_000;
  private static final List<byte[]> NOT_JSON = List.of("not json".getBytes(UTF_8));

  private final RunningStack stack = RunningStack.with(Security.PLAINTEXT);

  @ParameterizedTest
  @ValueSource(strings = {"taskmanager-1", "postgres", "kafka"})
  void losesAndRepeatsNothingWhenAPartIsKilledAndComesBack(String part) throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2);
        TestJob job = new TestJob(stack, topic)) {
      topic.send(0, Events.numbered(0, EVENTS - 1));
      topic.send(1, Events.numbered(0, EVENTS - 1));
      job.start().awaitRows(2 * EVENTS, 0);

      // What is written after the last checkpoint is read again afterwards.
      topic.send(0, Events.numbered(EVENTS, 2 * EVENTS - 1));
      stack.parts().kill(part);
      stack.parts().start(part);
      topic.send(1, Events.numbered(EVENTS, 2 * EVENTS - 1));

      job.awaitRows(4 * EVENTS, 0);
      stack.flink().awaitNextCheckpoint(job.id());
      assertThat(
              job.query(
                  "SELECT kafka_partition, count(*), count(DISTINCT url), max(kafka_offset)"
                      + " FROM processed_events JOIN sources USING (source) WHERE topic = '"
                      + topic.name()
                      + "' GROUP BY kafka_partition ORDER BY kafka_partition"))
          .isEqualTo(
              List.of(
                  List.of(0, 2L * EVENTS, 2L * EVENTS, 2L * EVENTS - 1),
                  List.of(1, 2L * EVENTS, 2L * EVENTS, 2L * EVENTS - 1)));
    }
  }

  @Test
  void goesOnWhenRetentionHasTakenTheMarkOfATransactionBeforeATaskManagerIsKilled()
      throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        TestJob job = new TestJob(stack, topic)) {
      topic.sendCommitted(0, Events.numbered(0, 99));
      job.start(1, null).awaitRows(100, 0);
      stack.flink().awaitNextCheckpoint(job.id());
      long mark = 100;
      topic.deleteBefore(0, mark + 1);

      stack.parts().kill("taskmanager-1");
      stack.parts().start("taskmanager-1");
      topic.sendCommitted(0, Events.numbered(100, 104));

      job.awaitRows(105, 0);
    }
  }

  @Test
  void losesAndRepeatsNothingWhenATaskManagerHangs() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        TestJob job = new TestJob(stack, topic)) {
      topic.send(0, Events.numbered(0, EVENTS - 1));
      job.start(1, null).awaitRows(EVENTS, 0);
      String hanging = "taskmanager-1";
      stack.parts().freeze(hanging);
      try {
        topic.send(0, Events.numbered(EVENTS, 2 * EVENTS - 1));
        Awaitility.await("the hanging TaskManager is given up")
            .atMost(Duration.ofSeconds(60))
            .until(() -> stack.flink().get("/taskmanagers").get("taskmanagers").isEmpty());
      } finally {
        stack.parts().thaw(hanging);
      }

      job.awaitRows(2 * EVENTS, 0);
    }
  }

  @Test
  void losesNoRejectedEventAndNoTaskManagerWhilePostgresIsStopped() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        TestJob job = new TestJob(stack, topic)) {
      topic.send(0, NOT_JSON);
      job.start(1, null).awaitRows(0, 1);
      long taskManager = pidOf("taskmanager-1");
      stack.parts().stop("postgres");
      try {
        Awaitility.await("the job restarts")
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> {
                  topic.send(0, NOT_JSON);
                  return stack.flink().state(job.id()).equals("RESTARTING");
                });
        assertThat(pidOf("taskmanager-1")).isEqualTo(taskManager);
      } finally {
        stack.parts().start("postgres");
      }

      long last = topic.send(0, NOT_JSON);
      job.awaitRows(0, last + 1);
      assertThat(pidOf("taskmanager-1")).isEqualTo(taskManager);
    }
  }

  /** The process of a part, or null if it does not run. */
  private Long pidOf(String part) {
    return stack.parts().status().parts().stream()
        .filter(candidate -> candidate.name().equals(part))
        .findFirst()
        .orElseThrow()
        .pid();
  }
}
