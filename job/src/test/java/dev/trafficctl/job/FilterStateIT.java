package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.local.Security;
import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.StartDescription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.DefaultOperatorStateBackendBuilder;
import org.apache.flink.runtime.state.OperatorStateBackend;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** What the filter stage keeps in its state for those who have nothing of the job but that. */
class FilterStateIT {
  private static final int MAX_PARALLELISM = 128;
  private static final JobDescription PARAMETERS =
      new JobDescription(
          Map.of(
              StartDescription.ARGUMENTS, "[\"--kafka-topic\",\"a b\"]",
              StartDescription.VERSION, "1.2.3",
              StartDescription.JAR_SHA256, "ab12"));
  private static final JobDescription NONE = new JobDescription(Map.of());

  private final RunningStack stack = RunningStack.with(Security.PLAINTEXT);

  @Test
  void holdsHowTheJobWasStartedOnceWhateverTheParallelism() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      OperatorSubtaskState two =
          AbstractStreamOperatorTestHarness.repackageState(
              state(topic, PARAMETERS, 2, 0, null), state(topic, PARAMETERS, 2, 1, null));
      OperatorSubtaskState one = state(topic, PARAMETERS, 1, 0, two);

      assertThat(descriptions(two)).isEqualTo(List.of(description(2)));
      assertThat(descriptions(one)).isEqualTo(List.of(description(1)));
    }
  }

  @Test
  void takesStateThatDoesNotTellHowTheJobWasStarted() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      OperatorSubtaskState without = state(topic, NONE, 1, 0, null);

      assertThat(descriptions(without)).isEmpty();
      assertThat(descriptions(state(topic, PARAMETERS, 1, 0, without)))
          .isEqualTo(List.of(description(1)));
    }
  }

  @Test
  void refusesALogThatHasAnotherEventWhereItHasReadLast() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      byte[] value = Events.event("/", Instant.EPOCH);
      topic.send(0, value, 1_000_000_000_000L);
      topic.send(0, value, 1_000_000_000_001L);
      OperatorSubtaskState same = stateAfter(topic, 1, 1_000_000_000_001L);
      OperatorSubtaskState other = stateAfter(topic, 1, 1_000_000_000_007L);

      state(topic, PARAMETERS, 1, 0, same);
      assertThatThrownBy(() -> state(topic, PARAMETERS, 1, 0, other))
          .isInstanceOf(SuppressRestartsException.class)
          .cause()
          .hasMessageStartingWith(
              "topic '%s' is no longer the log that was read: partition 0 has at offset 1 an event"
                      .formatted(topic.name())
                  + " of 2001-09-09T01:46:40.001Z, and the one that was read there was of"
                  + " 2001-09-09T01:46:40.007Z. Kafka has lost events");

      topic.deleteBefore(0, 2);
      state(topic, PARAMETERS, 1, 0, other);
    }
  }

  /** The state of the only subtask, which has read a record that is rejected. */
  private OperatorSubtaskState stateAfter(TestTopic topic, long offset, long timestamp)
      throws Exception {
    OneInputStreamOperatorTestHarness<KafkaEvent, ProcessedEvent> harness =
        new OneInputStreamOperatorTestHarness<>(
            new ProcessOperator<>(filter(topic)), MAX_PARALLELISM, 1, 0);
    harness.getExecutionConfig().setGlobalJobParameters(PARAMETERS);
    harness.setup();
    harness.open();
    harness.processElement(
        new KafkaEvent(0, offset, timestamp, null, "malformed_json", "no JSON", new byte[0], 0),
        timestamp);
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();
    return state;
  }

  private static StartDescription description(int parallelism) {
    return new StartDescription(
        "traffic", parallelism, List.of("--kafka-topic", "a b"), "1.2.3", "ab12");
  }

  /** The state of a subtask that has read nothing yet. */
  private OperatorSubtaskState state(
      TestTopic topic,
      JobDescription parameters,
      int parallelism,
      int subtask,
      OperatorSubtaskState restored)
      throws Exception {
    OneInputStreamOperatorTestHarness<KafkaEvent, ProcessedEvent> harness =
        new OneInputStreamOperatorTestHarness<>(
            new ProcessOperator<>(filter(topic)), MAX_PARALLELISM, parallelism, subtask);
    harness.getExecutionConfig().setGlobalJobParameters(parameters);
    harness.setup();
    if (restored != null) {
      harness.initializeState(
          AbstractStreamOperatorTestHarness.repartitionOperatorState(
              restored,
              MAX_PARALLELISM,
              restored.getManagedOperatorState().size(),
              parallelism,
              subtask));
    }
    harness.open();
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();
    return state;
  }

  private FilterFunction filter(TestTopic name) {
    String password = stack.addresses().environment().get("POSTGRES_PASSWORD");
    Settings settings =
        Settings.parse(List.of("--kafka-topic", name.name()), stack.addresses().environment());
    try (Topic topic = new Topic(ClientProperties.common(settings), name.name())) {
      return new FilterFunction(
          settings,
          new PostgresConnectionProvider(
              settings.postgresUrl(),
              settings.postgresUser(),
              "test",
              variable -> variable.equals("POSTGRES_PASSWORD") ? password : null),
          new ResolvedStart(topic.id().toString(), new TreeMap<>()));
    }
  }

  private static List<StartDescription> descriptions(OperatorSubtaskState state) throws Exception {
    List<StartDescription> found = new ArrayList<>();
    try (CloseableRegistry open = new CloseableRegistry();
        OperatorStateBackend backend =
            new DefaultOperatorStateBackendBuilder(
                    FilterStateIT.class.getClassLoader(),
                    new ExecutionConfig(),
                    false,
                    state.getManagedOperatorState(),
                    open)
                .build()) {
      for (String json :
          backend.getListState(new ListStateDescriptor<>("description", String.class)).get()) {
        StartDescription description = StartDescription.ofJson(json);
        found.add(
            new StartDescription(
                "traffic",
                description.parallelism(),
                description.arguments(),
                description.version(),
                description.jarSha256()));
      }
    }
    return found;
  }
}
