package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.kafka.KafkaConnection;
import dev.trafficctl.cli.kafka.KafkaTopics;
import dev.trafficctl.cli.postgres.EventTables;
import dev.trafficctl.cli.postgres.OffsetRanges;
import dev.trafficctl.cli.postgres.RowCounts;
import dev.trafficctl.cli.state.StateStorage;
import dev.trafficctl.local.Distribution;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.StackStatus;
import dev.trafficctl.model.TableNames;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Restarts of a real job of which Flink knows nothing any more. */
@ExtendWith(SharedStack.class)
class RecoveryIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestConsole console = TestConsole.real();
  // The topic, and the job's name: storage holds states of other classes' jobs as well.
  private String name;
  private LocalStack stack;
  private StackStatus.Addresses at;
  private FlinkClient flink;

  @TempDir Path directory;

  @BeforeEach
  void connect(TestInfo test) {
    name = test.getTestMethod().orElseThrow().getName();
    stack =
        LocalStack.in(
            Path.of(SharedStack.directory()),
            Distribution.ofCheckout(Path.of("..").toAbsolutePath().normalize()));
    at = stack.status().addresses();
    flink = FlinkClient.at(at.flink(), new ShellCommands());
    fromMachine("ours");
  }

  /** Each has a journal of its own. */
  private void fromMachine(String machine) {
    console.with("XDG_STATE_HOME", directory.resolve(machine).toString());
  }

  private int onStack(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    int settings = all.indexOf("--");
    all.addAll(
        settings < 0 ? all.size() : settings, List.of("--directory", SharedStack.directory()));
    return console.run(all.toArray(String[]::new));
  }

  private String done(String... arguments) {
    assertThat(onStack(arguments)).as(console.err()).isZero();
    return console.out().strip();
  }

  private void refused(String... arguments) {
    assertThat(onStack(arguments)).as(console.err()).isEqualTo(4);
    assertThat(console.out()).isEmpty();
  }

  private JsonNode restart(String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of("restart", name, "-o", "json"));
    all.addAll(List.of(options));
    return new JsonMapper().readTree(done(all.toArray(String[]::new)));
  }

  private void send(int count) {
    done("local", "traffic", "--topic", name, "--count", Integer.toString(count));
  }

  private KafkaTopics kafka() {
    return new KafkaTopics(
        KafkaConnection.of(
            Destination.named(at.kafka(), at.environment()),
            at.kafkaClient(),
            new ShellCommands()));
  }

  private String url(String schema) {
    return at.postgres() + "?currentSchema=" + schema;
  }

  private void schema(String schema) throws Exception {
    Properties login = new Properties();
    StackStatus.Addresses owner = at.asOwner();
    login.setProperty("user", owner.postgresUser());
    login.setProperty("password", owner.environment().get("POSTGRES_PASSWORD"));
    try (Connection connection = DriverManager.getConnection(at.postgres(), login);
        Statement statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
      statement.execute("CREATE SCHEMA " + schema);
    }
    try (EventTables tables =
        EventTables.connect(
            Destination.named(url(schema), owner.environment()),
            owner.postgresUser(),
            TableNames.DEFAULT,
            new ShellCommands())) {
      tables.create(at.postgresUser());
    }
  }

  private RowCounts rows(String schema) {
    try (KafkaTopics topics = kafka();
        EventTables tables =
            EventTables.connect(
                Destination.named(url(schema), at.environment()),
                at.postgresUser(),
                TableNames.DEFAULT,
                new ShellCommands())) {
      SortedMap<Integer, Long> end = topics.endOffsets(name);
      SortedMap<Integer, Long> start = new TreeMap<>();
      end.keySet().forEach(partition -> start.put(partition, 0L));
      short source = tables.source(topics.id(name)).orElseThrow();
      return tables.count(source, new OffsetRanges(start, end));
    }
  }

  /** Starts a job with a group and a schema of one name. */
  private void submit(String which) {
    done(
        "submit",
        "--",
        "--job-name",
        name,
        "--kafka-url",
        at.kafka(),
        "--kafka-topic",
        name,
        "--kafka-group",
        which,
        "--starting-offsets",
        "earliest",
        "--postgres-url",
        url(which),
        "--postgres-user",
        at.postgresUser());
  }

  private List<JobSummary> live() {
    return flink.jobs().stream().filter(job -> job.name().equals(name) && !job.ended()).toList();
  }

  /** How many events the job that runs has read, once it is so many. */
  private long awaitRead(long count) {
    return await("the job reads " + count + " events")
        .atMost(PATIENCE)
        .until(
            () -> flink.metrics().counters(flink.job(live().get(0).id()).orElseThrow()).read(),
            read -> read >= count);
  }

  private static long toEnd(JsonNode restarted) {
    long sum = 0;
    for (JsonNode partition : restarted.path("partitions")) {
      sum += partition.path("toEnd").asLong();
    }
    return sum;
  }

  /** Starts a job, lets it read so many events, and ends it with a checkpoint behind them. */
  private String leaveCheckpoint(String which, long count) {
    submit(which);
    awaitRead(count);
    JobId job = live().get(0).id();
    done("checkpoint", name);
    done("cancel", name);
    // Until it is cancelled, the job goes on to make checkpoints by itself.
    return new StateStorage(Path.of(SharedStack.directory(), "flink", "checkpoints").toString())
        .list().stream()
            .filter(state -> state.complete() && !state.savepoint() && state.mayBeOf(job))
            .findFirst()
            .orElseThrow()
            .path();
  }

  private void loseJobManager() throws Exception {
    stack.kill("jobmanager");
    stack.start("jobmanager");
  }

  @Test
  @Timeout(240)
  void recoversAJobThatWasLostWithItsJobManager() throws Exception {
    schema("ours");
    send(500);
    submit("ours");
    awaitRead(500);
    done("checkpoint", name);
    loseJobManager();
    send(300);
    fromMachine("nobody's");
    refused("restart", name);
    assertThat(console.err())
        .contains("knows no job " + name + ", so there is nothing to stop")
        .contains("restart " + name + " --directory", "--from-checkpoint latest");
    JsonNode recovered = restart("--from-checkpoint", "latest");
    assertThat(recovered.path("restoredFrom").asText()).contains("/chk-");
    assertThat(toEnd(recovered)).isEqualTo(300);
    assertThat(awaitRead(300)).isEqualTo(300);
  }

  @Test
  @Timeout(240)
  void ofTwoJobsOfOneNameEachIsRestoredFromItsOwnStateAlone() throws Exception {
    schema("ours");
    schema("theirs");
    send(300);
    String ours = leaveCheckpoint("ours", 300);
    send(300);
    fromMachine("theirs");
    String theirs = leaveCheckpoint("theirs", 600);
    loseJobManager();

    fromMachine("nobody's");
    refused("restart", name, "--from-checkpoint", "latest");
    assertThat(console.err())
        .contains(
            "nothing tells how the job " + name + " was started, and there are checkpoints of 2",
            " --from-checkpoint '" + theirs + "'  (Kafka ",
            ", consumer group theirs, ",
            " schema theirs, table processed_events, of ",
            " --from-checkpoint '" + ours + "'  (Kafka ",
            ", consumer group ours, ",
            " schema ours, table processed_events, of ");
    fromMachine("ours");
    refused("restart", name, "--from-checkpoint", theirs);
    assertThat(console.err())
        .contains(
            theirs + " is the state of another job than the one that is started: consumer group",
            "consumer group theirs instead of ours, Postgres ",
            " schema theirs instead of ",
            " schema ours; nothing was changed",
            " --allow-state-of-another-job\n");
    assertThat(live()).isEmpty();

    JsonNode recovered = restart("--from-checkpoint", "latest");
    assertThat(recovered.path("restoredFrom").asText()).isEqualTo(ours);
    assertThat(toEnd(recovered)).isEqualTo(300);
    assertThat(awaitRead(300)).isEqualTo(300);
    String running = live().get(0).id().text();
    refused("restart", name, "--from-checkpoint", theirs);
    assertThat(console.err()).contains("; nothing was changed");
    assertThat(live()).extracting(job -> job.id().text()).containsExactly(running);
    done("stop", name);
    RowCounts whole = rows("theirs");
    assertThat(whole.allWritten()).isPositive();
    assertThat(rows("ours").written()).isEqualTo(whole.written());
    assertThat(rows("ours").rejected()).isEqualTo(whole.rejected());
  }
}
