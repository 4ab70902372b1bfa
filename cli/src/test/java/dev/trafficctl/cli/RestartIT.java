package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobCounters;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.kafka.KafkaConnection;
import dev.trafficctl.cli.kafka.KafkaTopics;
import dev.trafficctl.cli.postgres.EventTables;
import dev.trafficctl.cli.postgres.OffsetRanges;
import dev.trafficctl.local.Distribution;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.StackStatus;
import dev.trafficctl.model.TableNames;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Restarts of a real job: what is sent, what is read again, and what is in Postgres. */
@ExtendWith(SharedStack.class)
class RestartIT {
  private static final JsonMapper JSON = new JsonMapper();

  private static final OperatorID OTHER = new OperatorID(1, 2);

  private final TestConsole console = TestConsole.real();
  private String topic;
  private StackStatus.Addresses at;

  @TempDir Path directory;

  @BeforeEach
  void connect(TestInfo test) {
    topic = test.getTestMethod().orElseThrow().getName();
    at =
        LocalStack.in(
                Path.of(SharedStack.directory()),
                Distribution.ofCheckout(Path.of("..").toAbsolutePath().normalize()))
            .status()
            .addresses();
    console.with("XDG_STATE_HOME", directory.resolve("state").toString());
  }

  private int onStack(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--directory");
    all.add(SharedStack.directory());
    return console.run(all.toArray(String[]::new));
  }

  private JsonNode restart(String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of("restart", "traffic", "-o", "json"));
    all.addAll(List.of(options));
    assertThat(onStack(all.toArray(String[]::new))).as(console.err()).isZero();
    JsonNode result = JSON.readTree(console.out());
    assertThat(result.path("outcome").asText()).isEqualTo("done");
    return result;
  }

  private void send(int count) {
    assertThat(onStack("local", "traffic", "--topic", topic, "--count", Integer.toString(count)))
        .as(console.err())
        .isZero();
  }

  private SortedMap<Integer, Long> sent() {
    try (KafkaTopics topics =
        new KafkaTopics(
            KafkaConnection.of(
                Destination.named(at.kafka(), at.environment()),
                at.kafkaClient(),
                new ShellCommands()))) {
      return topics.endOffsets(topic);
    }
  }

  private long rows() {
    SortedMap<Integer, Long> end = sent();
    SortedMap<Integer, Long> start = new TreeMap<>();
    end.keySet().forEach(partition -> start.put(partition, 0L));
    try (KafkaTopics topics =
            new KafkaTopics(
                KafkaConnection.of(
                    Destination.named(at.kafka(), at.environment()),
                    at.kafkaClient(),
                    new ShellCommands()));
        EventTables tables =
            EventTables.connect(
                Destination.named(at.postgres(), at.environment()),
                at.postgresUser(),
                TableNames.DEFAULT,
                new ShellCommands())) {
      short source = tables.source(topics.id(topic)).orElseThrow();
      return tables.count(source, new OffsetRanges(start, end)).allWritten();
    }
  }

  /** The id of the one job that runs. */
  private String jobId() {
    List<String> live =
        FlinkClient.at(at.flink(), new ShellCommands()).jobs().stream()
            .filter(job -> !job.ended())
            .map(job -> job.id().text())
            .toList();
    assertThat(live).hasSize(1);
    return live.get(0);
  }

  /** What a job has counted once it has read so many events. */
  private JobCounters counters(JsonNode restarted, long read) {
    FlinkClient flink = FlinkClient.at(at.flink(), new ShellCommands());
    JobId id = new JobId(restarted.path("jobId").asText());
    return await("the job reads " + read + " events")
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> flink.metrics().counters(flink.job(id).orElseThrow()),
            counters -> counters.read() >= read);
  }

  private static List<Long> column(JsonNode result, String name) {
    List<Long> column = new ArrayList<>();
    result.path("partitions").forEach(row -> column.add(row.path(name).asLong()));
    return column;
  }

  private static long sum(List<Long> numbers) {
    return numbers.stream().mapToLong(Long::longValue).sum();
  }

  /** A copy of a savepoint that also holds state of an operator that the job does not have. */
  private Path withAnotherOperator(Path savepoint) throws IOException {
    CheckpointMetadata metadata;
    try (DataInputStream in =
        new DataInputStream(Files.newInputStream(savepoint.resolve("_metadata")))) {
      metadata =
          Checkpoints.loadCheckpointMetadata(in, getClass().getClassLoader(), savepoint.toString());
    }
    List<OperatorState> operators = new ArrayList<>(metadata.getOperatorStates());
    OperatorState like = operators.get(0);
    for (OperatorState operator : operators) {
      like = operator.getStateSize() > like.getStateSize() ? operator : like;
    }
    OperatorState other =
        new OperatorState(
            "sessions", "sessions", OTHER, like.getParallelism(), like.getMaxParallelism());
    for (Map.Entry<Integer, OperatorSubtaskState> subtask : like.getSubtaskStates().entrySet()) {
      other.putState(subtask.getKey(), subtask.getValue());
    }
    operators.add(other);
    Path copy = Files.createDirectory(directory.resolve("savepoint-of-another-version"));
    try (OutputStream out = Files.newOutputStream(copy.resolve("_metadata"))) {
      Checkpoints.storeCheckpointMetadata(
          new CheckpointMetadata(
              metadata.getCheckpointId(),
              operators,
              metadata.getMasterStates(),
              metadata.getCheckpointProperties()),
          out);
    }
    return copy;
  }

  private static Path realJar() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../job/target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("traffic-job-.*\\.jar"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** The job's jar without the list of its operators, so that only Flink knows them. */
  private Path withoutOperators() throws IOException {
    Path copy = Files.copy(realJar(), directory.resolve("without-operators.jar"));
    try (FileSystem jar = FileSystems.newFileSystem(copy)) {
      Files.delete(jar.getPath("dev/trafficctl/job/operators.txt"));
    }
    return copy;
  }

  @Test
  @Timeout(240)
  void leavesStateBehindOnlyWhenItIsToldTo() throws Exception {
    assertThat(onStack("demo", "--topic", topic, "--count", "1000")).as(console.err()).isZero();
    SharedStack.awaitHealthyJob(console);
    send(700);
    assertThat(onStack("stop", "traffic")).as(console.err()).isZero();
    String savepoint = console.out().strip();

    Path another = withAnotherOperator(Path.of(savepoint.substring("file:".length())));
    assertThat(onStack("restart", "traffic", "--from-savepoint", another.toString())).isEqualTo(4);
    assertThat(console.err())
        .contains(
            "holds state of the operator sessions (" + OTHER + "), which the job in ",
            " does not have; nothing was changed; ",
            "if that state may be lost: trafficctl restart traffic ",
            " --allow-non-restored-state\n");
    String silent = withoutOperators().toString();
    assertThat(
            onStack("restart", "traffic", "--from-savepoint", another.toString(), "--jar", silent))
        .isEqualTo(1);
    assertThat(console.err())
        .contains(
            "holds state of the operator sessions (" + OTHER + ")",
            "if that state may be lost, this finishes it: ",
            " --allow-non-restored-state ")
        .doesNotContain("allowNonRestoredState");
    JsonNode started =
        restart("--from-savepoint", another.toString(), "--allow-non-restored-state");
    assertThat(sum(column(started, "readAgain"))).isZero();
  }

  @Test
  @Timeout(300)
  void losesAndRepeatsNothingHoweverItIsRestarted() throws Exception {
    assertThat(onStack("demo", "--topic", topic, "--count", "3000")).as(console.err()).isZero();
    SharedStack.awaitHealthyJob(console);
    send(1_000);
    JsonNode first = restart();
    assertThat(first.path("restoredFrom").asText()).isEqualTo(first.path("wayBack").asText());
    assertThat(sum(column(first, "readAgain"))).isZero();
    assertThat(sum(column(first, "skipped"))).isZero();

    send(1_000);
    assertThat(onStack("stop", "traffic")).as(console.err()).isZero();
    String savepoint = console.out().strip();
    send(1_000);
    JsonNode second = restart("--from-savepoint", "latest");
    assertThat(second.path("restoredFrom").asText()).isEqualTo(savepoint);
    assertThat(second.path("wayBack").isNull()).isTrue();
    long unread = sum(column(second, "toEnd"));
    assertThat(counters(second, unread).read()).isEqualTo(unread);

    JsonNode third = restart("--from-timestamp", "-20m");
    long rowsBefore = rows();
    assertThat(sum(column(third, "readAgain"))).isEqualTo(6_000);
    assertThat(column(third, "readAgain"))
        .isEqualTo(column(third, "toEnd"))
        .isEqualTo(List.copyOf(sent().values()));
    assertThat(third.path("restoredFrom").isNull()).isTrue();
    JobCounters again = counters(third, 6_000);
    assertThat(again.read()).isEqualTo(6_000);
    assertThat(rowsBefore).isEqualTo(6_000 - again.allFiltered() - again.allRejected());

    String nowhere = "s3://no-such-bucket/savepoint-1";
    assertThat(onStack("restart", "traffic", "--from-savepoint", nowhere)).isEqualTo(4);
    assertThat(console.err())
        .endsWith(
            "trafficctl: the JobManager cannot read the state at "
                + nowhere
                + ": Flink has no file system for it there; check the path, or install the plugin for"
                + " it in Flink\n"
                + "trafficctl: the new job could not be started, so nothing was changed\n");
    // It is stopped below, so it still runs.
    assertThat(onStack("stop", "traffic")).as(console.err()).isZero();
    assertThat(rows()).isEqualTo(rowsBefore);
  }

  private Connection asOwner() throws SQLException {
    StackStatus.Addresses owner = at.asOwner();
    return DriverManager.getConnection(
        owner.postgres(), owner.postgresUser(), owner.environment().get("POSTGRES_PASSWORD"));
  }

  private void sql(String statements) throws SQLException {
    try (Connection connection = asOwner();
        Statement run = connection.createStatement()) {
      run.execute(statements);
    }
  }

  private long count(String table) throws SQLException {
    try (Connection connection = asOwner();
        Statement run = connection.createStatement();
        ResultSet row = run.executeQuery("SELECT count(*) FROM " + table)) {
      row.next();
      return row.getLong(1);
    }
  }

  private JsonNode verify(int exitCode) throws IOException {
    await("verify ends with " + exitCode)
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> onStack("verify", "traffic", "--to", "latest", "-o", "json"),
            code -> code == exitCode);
    return JSON.readTree(console.out());
  }

  /** Another's table of the name comes first in the search_path; that of sources is the job's. */
  @Test
  @Timeout(300)
  void writesBesideATableOfTheNameThatIsSomebodyElses() throws Exception {
    assertThat(onStack("demo", "--topic", topic, "--count", "500")).as(console.err()).isZero();
    SharedStack.awaitHealthyJob(console);
    String running = jobId();
    sql(
        "CREATE SCHEMA lab; CREATE TABLE lab.processed_events AS SELECT '192.0.2.1' AS ip;"
            + " GRANT USAGE ON SCHEMA lab TO "
            + at.postgresUser());
    String url = "postgres-url=" + at.postgres() + "?currentSchema=lab,public";

    assertThat(onStack("restart", "traffic", "--set", url)).isEqualTo(4);
    assertThat(console.err())
        .contains(
            "table 'processed_events' (lab.processed_events) is another than the job's: it has no"
                + " column source, kafka_partition, kafka_offset; to keep both, run: trafficctl schema"
                + " apply --table traffic_events, and start the job with --table traffic_events")
        .endsWith("the new job could not be started, so nothing was changed\n");
    assertThat(onStack("restart", "traffic", "--set", url, "--set", "table=traffic_events"))
        .isEqualTo(4);
    assertThat(console.err())
        .contains("has no table 'traffic_events'; run: trafficctl schema apply ");
    assertThat(jobId()).isEqualTo(running);

    assertThat(console.run("schema", "--table", "traffic_events", "--grant", at.postgresUser()))
        .as(console.err())
        .isZero();
    sql(console.out());
    long before = count("processed_events");
    restart("--set", url, "--set", "table=traffic_events");
    assertThat(console.err())
        .contains("what was written so far stays in Postgres ", ", table traffic_events; to have");
    assertThat(count("traffic_events")).isZero();
    restart("--from-earliest");

    JsonNode whole = verify(0);
    assertThat(whole.at("/total/written").asLong()).isEqualTo(count("traffic_events")).isPositive();
    assertThat(whole.at("/postgres/tables").toString())
        .isEqualTo(
            """
            {"sources":"public.sources","traffic_events":"public.traffic_events",\
            "traffic_events_rejected":"public.traffic_events_rejected"}""");
    assertThat(whole.at("/postgres/ownOfJob").asBoolean()).isTrue();
    sql(
        "DELETE FROM traffic_events WHERE (kafka_partition, kafka_offset) ="
            + " (SELECT min(kafka_partition), min(kafka_offset) FROM traffic_events"
            + " WHERE kafka_partition = 0)");
    assertThat(verify(3).at("/differences/0/table").asText()).isEqualTo("traffic_events");

    assertThat(count("processed_events")).isEqualTo(before);
    assertThat(count("lab.processed_events")).isEqualTo(1);
    assertThat(onStack("stop", "traffic")).as(console.err()).isZero();
    sql("DROP SCHEMA lab CASCADE; DROP TABLE traffic_events, traffic_events_rejected");
  }

  @Test
  @Timeout(240)
  void theCommandThatItPrintsFinishesARestartThatFailed() throws Exception {
    assertThat(onStack("demo", "--topic", topic, "--count", "500")).as(console.err()).isZero();
    SharedStack.awaitHealthyJob(console);
    String running = jobId();
    Path jar = directory.resolve("my job.jar");
    try (OutputStream file = Files.newOutputStream(jar)) {
      new JarOutputStream(file, new Manifest()).close();
    }
    assertThat(onStack("restart", "traffic", "--jar", jar.toString())).isEqualTo(4);
    assertThat(console.err())
        .endsWith("the new job could not be started, so nothing was changed\n");
    String nowhere = at.postgres() + "?currentSchema=nowhere";
    assertThat(onStack("restart", "traffic", "--set", "postgres-url=" + nowhere)).isEqualTo(4);
    assertThat(console.err())
        .contains("has no table 'sources'", "has no table 'processed_events'")
        .endsWith("the new job could not be started, so nothing was changed\n");
    assertThat(
            onStack("restart", "traffic", "--set", "postgres-url=jdbc:postgresql://127.0.0.1:1/x"))
        .isEqualTo(5);
    assertThat(onStack("restart", "traffic", "--set", "max-parallelism=256")).isEqualTo(4);
    assertThat(console.err()).contains(" with max parallelism 128, ");
    assertThat(jobId()).isEqualTo(running);
    assertThat(onStack("status", "traffic")).as(console.err()).isZero();

    RehearsedJob.write(jar, realJar());
    assertThat(onStack("restart", "traffic", "--jar", jar.toString(), "--set", "batch-rows=500"))
        .as(console.err())
        .isEqualTo(7);
    assertThat(console.err()).contains("was not started again: IllegalStateException: the disk");
    String savepoint = console.out().strip();
    assertThat(Path.of(savepoint.substring("file:".length())).resolve("_metadata")).exists();
    String finishing =
        console
            .err()
            .lines()
            .filter(line -> line.contains("this finishes it: trafficctl "))
            .findFirst()
            .orElseThrow();
    assertThat(finishing)
        .endsWith(
            "trafficctl restart traffic --directory '"
                + SharedStack.directory()
                + "' --from-savepoint '"
                + savepoint
                + "' --parallelism 2 --set batch-rows=500 --jar '"
                + jar
                + "'");
    Files.copy(realJar(), jar, StandardCopyOption.REPLACE_EXISTING);
    assertThat(
            console.run(
                "restart",
                "traffic",
                "--directory",
                SharedStack.directory(),
                "--from-savepoint",
                savepoint,
                "--parallelism",
                "2",
                "--set",
                "batch-rows=500",
                "--jar",
                jar.toString()))
        .as(console.err())
        .isZero();
    assertThat(onStack("status", "traffic")).as(console.err()).isZero();
    assertThat(console.out()).contains("--batch-rows 500", savepoint);
  }
}
