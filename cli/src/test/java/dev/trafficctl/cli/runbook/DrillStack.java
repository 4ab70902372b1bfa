package dev.trafficctl.cli.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JarRunRequest;
import dev.trafficctl.cli.flink.JobDetails;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.Author;
import dev.trafficctl.cli.kafka.KafkaConnection;
import dev.trafficctl.cli.kafka.KafkaTopics;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.postgres.EventTables;
import dev.trafficctl.cli.postgres.OffsetRanges;
import dev.trafficctl.cli.postgres.RowCounts;
import dev.trafficctl.local.Distribution;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.StackStatus;
import dev.trafficctl.model.TableNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The local stack of one drill: with a topic of its own, traffic, the job {@code traffic}, and a
 * command line whose journal and contexts are the drill's.
 */
final class DrillStack implements Shell, AutoCloseable {
  static final String JOB = "traffic";
  private static final int PARTITIONS = 4;
  private static final int PARALLELISM = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final String directory;
  private final String topic;
  private final TestConsole console;
  private final LocalStack parts;
  private final StackStatus.Addresses addresses;
  private final ExampleValues values = new ExampleValues();
  private DrillTraffic traffic;

  /**
   * On a stack that is up.
   *
   * @param directory the stack's
   * @param topic a topic that is not there yet
   * @param home where the command line keeps its files
   */
  DrillStack(String directory, String topic, Path home) {
    this.directory = directory;
    this.topic = topic;
    this.console =
        TestConsole.real()
            .with("XDG_STATE_HOME", home.resolve("state").toString())
            .with("XDG_CONFIG_HOME", home.resolve("config").toString())
            .mixed();
    this.parts =
        LocalStack.in(
            Path.of(directory),
            Distribution.ofCheckout(Path.of("..").toAbsolutePath().normalize()));
    this.addresses = parts.status().addresses();
    values.put("/home/alice/trafficctl/.local", directory);
    values.put(
        "/home/alice/trafficctl/job/target/traffic-job-0.1.0.jar",
        jobJar().toAbsolutePath().normalize().toString());
    values.put("http://127.0.0.1:8081", addresses.flink());
    values.put("127.0.0.1:9092", addresses.kafka());
    values.put(
        "127.0.0.1:5432", addresses.postgres().replaceFirst("^jdbc:postgresql://([^/]+)/.*", "$1"));
    values.put("alice@laptop", Author.current().toString());
    values.put("web-traffic", topic);
  }

  ExampleValues values() {
    return values;
  }

  LocalStack parts() {
    return parts;
  }

  /** A new client: the connections of an old one do not outlive a JobManager. */
  FlinkClient flink() {
    return FlinkClient.at(addresses.flink(), new ShellCommands());
  }

  /** Runs a command of a page on this stack, which the page need not name. */
  @Override
  public Result run(List<String> words) {
    List<String> arguments = new ArrayList<>(words.subList(1, words.size()));
    if (Commands.of(arguments).optionsMap().containsKey("--directory")) {
      int end = arguments.indexOf("--");
      arguments.addAll(end < 0 ? arguments.size() : end, List.of("--directory", directory));
    }
    int exitCode = console.run(arguments.toArray(String[]::new));
    String output = console.out().replace(" --directory " + Text.argument(directory), "");
    return new Result(output.lines().toList(), exitCode);
  }

  /** Makes the topic, and lets traffic flow from now on. */
  void letTrafficFlow() {
    KafkaConnection connection = connection();
    try (KafkaTopics topics = new KafkaTopics(connection)) {
      assertThat(topics.create(topic, PARTITIONS)).isTrue();
    }
    traffic = new DrillTraffic(connection.properties(), topic);
  }

  private KafkaConnection connection() {
    return KafkaConnection.of(
        Destination.named(addresses.kafka(), addresses.environment()),
        addresses.kafkaClient(),
        new ShellCommands());
  }

  private EventTables tables() {
    return EventTables.connect(
        Destination.named(addresses.postgres(), addresses.environment()),
        addresses.postgresUser(),
        TableNames.DEFAULT,
        new ShellCommands());
  }

  /** Starts the job and waits until it has completed a checkpoint. */
  void startJob() {
    startJob(Map.of(), "2s");
  }

  /** The same with options of Flink for this job, and another time between checkpoints. */
  void startJob(Map<String, String> configuration, String checkpointInterval) {
    List<String> settings =
        List.of(
            "--kafka-topic",
            topic,
            "--kafka-group",
            topic,
            "--starting-offsets",
            "earliest",
            "--checkpoint-interval",
            checkpointInterval);
    String jar = flink().jars().upload(jobJar());
    flink()
        .jars()
        .run(
            jar,
            new JarRunRequest(
                JobId.ofStart(topic, 1), PARALLELISM, settings, null, false, configuration));
    flink().jars().delete(jar);
    awaitCheckpoint();
  }

  private static Path jobJar() {
    Path target = Path.of("..", "job", "target");
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(target, "traffic-job-*.jar")) {
      return jars.iterator().next();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the job has a checkpoint and all its tasks run. */
  void awaitCheckpoint() {
    await(
        "the job completes a checkpoint",
        () -> {
          JobDetails job = flink().job(job().id()).orElseThrow();
          Checkpoints checkpoints = flink().checkpoints(job.id()).orElseThrow();
          return job.allTasksRun() && checkpoints.latestCompleted() != null;
        });
  }

  /** The one job of that name that has not ended. */
  JobSummary job() {
    List<JobSummary> jobs =
        flink().jobs().stream().filter(job -> job.name().equals(JOB) && !job.ended()).toList();
    assertThat(jobs).hasSize(1);
    return jobs.get(0);
  }

  /** Cancels what runs on the cluster, so that all slots are free. */
  void cancelJobs() {
    flink().jobs().stream().filter(job -> !job.ended()).forEach(job -> flink().cancel(job.id()));
    await("no job runs", () -> flink().jobs().stream().allMatch(JobSummary::ended));
  }

  /**
   * Deletes the checkpoints of jobs that have ended: other tests have left some of other jobs named
   * {@code traffic}, where a cluster of one's own has one such job.
   */
  void deleteCheckpoints() {
    Path checkpoints = Path.of(directory, "flink", "checkpoints");
    try (Stream<Path> files = Files.walk(checkpoints)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(checkpoints)) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Executes statements in Postgres. */
  void sql(String statements) {
    try (Connection connection = postgres();
        Statement statement = connection.createStatement()) {
      statement.execute(statements);
    } catch (SQLException e) {
      throw new AssertionError(statements, e);
    }
  }

  private long query(String query) {
    try (Connection connection = postgres();
        Statement statement = connection.createStatement()) {
      ResultSet rows = statement.executeQuery(query);
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(query, e);
    }
  }

  private Connection postgres() throws SQLException {
    Properties properties = new Properties();
    StackStatus.Addresses owner = addresses.asOwner();
    properties.setProperty("user", owner.postgresUser());
    properties.setProperty("password", owner.environment().get("POSTGRES_PASSWORD"));
    return DriverManager.getConnection(addresses.postgres(), properties);
  }

  /** How many rows were written for the topic so far. */
  long written() {
    return counts().allWritten();
  }

  /** How many rows of processed_events fulfil a condition in SQL. */
  long written(String condition) {
    return query("SELECT count(*) FROM processed_events WHERE " + condition);
  }

  private RowCounts counts() {
    try (KafkaTopics topics = new KafkaTopics(connection());
        EventTables tables = tables()) {
      return tables
          .source(topics.id(topic))
          .map(source -> tables.count(source, allOffsets(topics)))
          .orElseThrow(() -> new AssertionError("the job has not begun to read"));
    }
  }

  private OffsetRanges allOffsets(KafkaTopics topics) {
    SortedMap<Integer, Long> end = topics.endOffsets(topic);
    SortedMap<Integer, Long> start = new TreeMap<>(end);
    start.replaceAll((partition, offset) -> 0L);
    return new OffsetRanges(start, end);
  }

  /**
   * Ends the traffic, waits until the job has read all of it, and checks {@code read = written +
   * filtered + rejected}.
   */
  void checkNothingIsLostOrRepeated() {
    DrillEvents sent = traffic.end();
    traffic = null;
    await(
        "every event is in Postgres",
        () -> counts().allWritten() + counts().allRejected() >= sent.written() + sent.rejected());
    RowCounts rows = counts();
    assertThat(rows.allWritten()).as("written").isEqualTo(sent.written());
    assertThat(rows.allRejected()).as("rejected").isEqualTo(sent.rejected());
    assertThat(rows.allWritten() + sent.filtered() + rows.allRejected())
        .as("read = written + filtered + rejected")
        .isEqualTo(sent.all());
  }

  static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(PATIENCE).until(condition);
  }

  @Override
  public void close() {
    if (traffic != null) {
      traffic.end();
    }
    cancelJobs();
  }
}
