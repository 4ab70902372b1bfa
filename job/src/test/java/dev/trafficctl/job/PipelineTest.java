package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.RejectedEvent;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.TableNames;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

class PipelineTest {

  @Test
  void givesEveryOperatorAUidAndAName() {
    StreamGraph graph = define(Map.of()).getStreamGraph();

    Map<String, String> names = new TreeMap<>();
    for (StreamNode node : graph.getStreamNodes()) {
      names.put(node.getTransformationUID(), node.getOperatorName());
    }
    assertThat(names)
        .isEqualTo(
            Map.of(
                "read", "Source: read",
                "filter", "filter",
                "write", "write: Writer",
                "reject", "reject: Writer",
                // The connector's JdbcSink always brings a committer, idle unless it is XA.
                "Sink Committer: reject", "reject: Committer"));
  }

  @Test
  void listsTheUidsOfItsOperatorsInAResourceOfTheJar() throws Exception {
    List<String> uids =
        define(Map.of()).getStreamGraph().getStreamNodes().stream()
            .map(StreamNode::getTransformationUID)
            .sorted()
            .toList();

    try (InputStream listed = Pipeline.class.getResourceAsStream("operators.txt")) {
      assertThat(new String(listed.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(String.join("\n", uids) + "\n");
    }
  }

  @Test
  void runsAsOneChainWithItsOwnCheckpointsAndRestarts() {
    StreamExecutionEnvironment env = define(Map.of());
    JobGraph graph = env.getStreamGraph().getJobGraph();

    List<JobVertex> vertices = graph.getVerticesSortedTopologicallyFromSources();
    assertThat(vertices).hasSize(1);
    assertThat(vertices.get(0).getMaxParallelism()).isEqualTo(128);
    assertThat(env.getConfig().isObjectReuseEnabled()).isTrue();
    assertThat(env.getCheckpointConfig().getCheckpointInterval()).isEqualTo(10_000);
    assertThat(env.getCheckpointConfig().getCheckpointingConsistencyMode())
        .isEqualTo(CheckpointingMode.EXACTLY_ONCE);
    assertThat(env.getCheckpointConfig().getExternalizedCheckpointRetention())
        .isEqualTo(ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    assertThat(env.getCheckpointConfig().getTolerableCheckpointFailureNumber()).isEqualTo(3);
    assertThat(env.getConfiguration().get(RestartStrategyOptions.RESTART_STRATEGY))
        .isEqualTo("exponential-delay");
    assertThat(
            env.getConfiguration()
                .get(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF))
        .hasSeconds(10);
  }

  @Test
  void carriesNoSecretInTheJobGraph() throws Exception {
    JobGraph graph =
        define(
                Map.of(
                    "KAFKA_WEB_TRAFFIC_KEY", "canary-key",
                    "KAFKA_WEB_TRAFFIC_SECRET", "canary-secret",
                    "POSTGRES_PASSWORD", "canary-password"))
            .getStreamGraph()
            .getJobGraph();

    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(graph);
    }
    String text = bytes.toString(StandardCharsets.ISO_8859_1);
    // The first shows that the search finds what is there.
    assertThat(text).contains("SASL_SSL").doesNotContain("canary");
  }

  @Test
  void serializesEveryRecordAndEveryStateAsAPojo() {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(KafkaEvent.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(ProcessedEvent.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(RejectedEvent.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(ReadProgress.class);
  }

  private static StreamExecutionEnvironment define(Map<String, String> secrets) {
    Map<String, String> environment = new TreeMap<>(secrets);
    environment.put("KAFKA_URL", "broker:9092");
    environment.put("POSTGRES_URL", "jdbc:postgresql://db/traffic");
    environment.put("POSTGRES_USER", "traffic");
    Settings settings = Settings.parse(List.of(), environment);
    PostgresConnectionProvider postgres =
        new PostgresConnectionProvider(
            settings.postgresUrl(), settings.postgresUser(), "traffic-job");
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    Pipeline pipeline = new Pipeline(settings);
    ResolvedStart start = new ResolvedStart("AAAAAAAAAAAAAAAAAAAAAQ", new TreeMap<>(Map.of(0, 0L)));
    pipeline.define(
        env,
        pipeline.source(start),
        new FilterFunction(settings, postgres, start),
        new PostgresSink(postgres, BatchLimits.DEFAULT, TableNames.DEFAULT),
        RejectSink.create(postgres, TableNames.DEFAULT.rejected()));
    return env;
  }
}
