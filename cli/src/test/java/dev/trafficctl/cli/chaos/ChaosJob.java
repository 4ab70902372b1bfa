package dev.trafficctl.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.trafficctl.cli.SharedStack;
import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.chaos.Machine.JournalEntry;
import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.kafka.KafkaConnection;
import dev.trafficctl.cli.kafka.KafkaTopics;
import dev.trafficctl.local.Distribution;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.StackStatus;
import dev.trafficctl.local.traffic.SendOptions;
import dev.trafficctl.local.traffic.TrafficEvent;
import dev.trafficctl.local.traffic.TrafficSender;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A job of its own name on the shared stack, which reads a topic of its own while events trickle
 * in, none of which the job filters or rejects: in the end there is one row for each of them.
 */
final class ChaosJob implements AutoCloseable {
  private static final int PARTITIONS = 4;
  private static final double EVENTS_PER_SECOND = 40;
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration AS_OLD_AS_STATISTICS = Duration.ofMillis(3_100);

  private final String name;
  private final String topic;
  private final StackStatus.Addresses at;
  private final Properties connection;
  private final PlainFlink flink;
  private final Path savepoints;
  private final JobWatch watch;
  private final Thread traffic;
  private final AtomicReference<Throwable> trafficFailure = new AtomicReference<>();
  private final Set<String> givenUp = new HashSet<>();
  private Set<String> judged;

  /** Starts it, on a cluster that then runs nothing else, and lets events flow. */
  ChaosJob(String name) throws IOException {
    this.name = name;
    this.topic = name + "-" + UUID.randomUUID();
    this.at = stack().status().addresses();
    this.connection =
        KafkaConnection.properties(
            Destination.named(at.kafka(), at.environment()), at.kafkaClient());
    this.flink = new PlainFlink(at.flink());
    try (KafkaTopics topics =
        new KafkaTopics(new KafkaConnection(connection, new ShellCommands()))) {
      topics.create(topic, PARTITIONS);
    }
    cancelOthers();
    this.savepoints = savepointDirectory();
    this.watch = new JobWatch(flink, name);
    this.traffic = new Thread(this::send, "traffic");
    traffic.setDaemon(true);
    traffic.start();
    submit();
    roundIsOver();
  }

  /** The stack. */
  static LocalStack stack() {
    return LocalStack.in(
        Path.of(SharedStack.directory()),
        Distribution.ofCheckout(Path.of("..").toAbsolutePath().normalize()));
  }

  /** Its name. */
  String name() {
    return name;
  }

  PlainFlink flink() {
    return flink;
  }

  private void cancelOthers() {
    TestConsole console = TestConsole.real();
    for (PlainFlink.Job job : flink.jobs().orElseThrow()) {
      if (job.isLive()) {
        console.run("cancel", job.id(), "--discard-state", "--directory", SharedStack.directory());
      }
    }
    await()
        .atMost(PATIENCE)
        .until(() -> flink.jobs().orElseThrow().stream().noneMatch(PlainFlink.Job::isLive));
  }

  private Path savepointDirectory() {
    String url = flink.configuration("execution.checkpointing.savepoint-dir");
    return Path.of(url.replaceFirst("^file:/*", "/"));
  }

  private void submit() {
    TestConsole console = TestConsole.real();
    List<String> line =
        new ArrayList<>(
            List.of("submit", "--detach", "--directory", SharedStack.directory(), "--"));
    line.addAll(List.of("--job-name", name));
    line.addAll(List.of("--kafka-url", at.kafka(), "--kafka-topic", topic));
    line.addAll(List.of("--kafka-group", topic, "--starting-offsets", "earliest"));
    line.addAll(List.of("--postgres-url", at.postgres(), "--postgres-user", at.postgresUser()));
    line.addAll(List.of("--checkpoint-interval", "1s"));
    int exitCode = console.run(line.toArray(new String[0]));
    assertThat(exitCode).as(console.err()).isZero();
    awaitRunning();
  }

  /** The jobs of the name that are live; waits for Flink while it does not answer. */
  List<PlainFlink.Job> live() {
    return await()
        .atMost(PATIENCE)
        .until(flink::jobs, answer -> answer.isPresent())
        .orElseThrow()
        .stream()
        .filter(job -> job.name().equals(name) && job.isLive())
        .toList();
  }

  /** The ids of the jobs of the name that are live, by what Flink answers without delay. */
  List<String> liveNow() {
    return live().stream()
        .map(PlainFlink.Job::id)
        .filter(id -> flink.state(id).filter(PlainFlink.Job::isLive).isPresent())
        .toList();
  }

  /**
   * Sees to it that the job runs again, as a user would.
   *
   * @param home of the machine from which it is done
   * @param live the jobs of the name that are live
   * @param from the options that say what it is started from
   */
  void bringBack(Path home, List<String> live, String... from) {
    if (live.isEmpty()) {
      List<String> line = new ArrayList<>(List.of("restart", name));
      line.addAll(Arrays.asList(from));
      line.addAll(List.of("--directory", SharedStack.directory()));
      TestConsole console = TestConsole.real().with("XDG_STATE_HOME", home.toString());
      int exitCode = console.run(line.toArray(new String[0]));
      assertThat(exitCode).as("%s: %s", line, console.err()).isZero();
    }
    awaitRunning();
  }

  /**
   * What there is after a change was disturbed and settled.
   *
   * @param before the job that it was done to
   * @param onDisk the savepoints that there were before
   * @param known the operations that there were before
   */
  Aftermath after(
      Machine machine,
      Verb verb,
      String before,
      Set<String> onDisk,
      Set<String> known,
      Integer exitCode,
      int resumed,
      boolean jobManagerLost) {
    awaitQuiet(before);
    List<String> live = liveNow();
    roundIsOver();
    Set<String> made = new TreeSet<>(judged);
    made.removeAll(onDisk);
    List<JournalEntry> entries = machine.added(known);
    Set<String> whole = new HashSet<>();
    for (JournalEntry entry : entries) {
      String path = plain(entry.path());
      if (path != null && Files.isRegularFile(Path.of(path, "_metadata"))) {
        whole.add(path);
      }
    }
    return new Aftermath(
        verb,
        exitCode,
        resumed,
        entries,
        made,
        whole,
        before,
        flink.state(before).orElse(null),
        live,
        live.size() == 1 ? flink.restoredFrom(live.get(0)).orElse(null) : null,
        jobManagerLost);
  }

  /** Waits until exactly one runs, with all its tasks and a checkpoint, and answers with its id. */
  String awaitRunning() {
    List<String> one =
        await()
            .atMost(PATIENCE)
            .until(
                this::liveNow,
                live ->
                    live.size() == 1
                        && flink.allTasksRun(live.get(0))
                        && flink.hasCheckpoint(live.get(0)));
    return one.get(0);
  }

  /**
   * Waits until Flink does nothing more that was asked of a job: each savepoint that it has begun
   * is complete, or was given up.
   */
  void awaitQuiet(String id) {
    if (begun().isEmpty()) {
      return;
    }
    // The directory of a savepoint is there before its first byte, but stays when it is given up.
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              if (!begun().isEmpty()) {
                await().atMost(PATIENCE).during(AS_OLD_AS_STATISTICS).until(() -> noneGoesOn(id));
                givenUp.addAll(begun());
              }
              return begun().isEmpty();
            });
  }

  private boolean noneGoesOn(String id) {
    return begun().isEmpty()
        || flink.savepoints(id).stream()
            .noneMatch(savepoint -> savepoint.status().equals("IN_PROGRESS"));
  }

  /** The savepoints on disk that are not complete, but for those that were given up before. */
  private Set<String> begun() {
    Set<String> begun = savepoints(savepoint -> !isComplete(savepoint));
    begun.removeAll(givenUp);
    return begun;
  }

  /** The savepoints on disk that are complete, of any job. */
  TreeSet<String> savepointsOnDisk() {
    return savepoints(ChaosJob::isComplete);
  }

  private static boolean isComplete(Path savepoint) {
    return Files.exists(savepoint.resolve("_metadata"));
  }

  private TreeSet<String> savepoints(Predicate<Path> which) {
    TreeSet<String> found = new TreeSet<>();
    if (!Files.isDirectory(savepoints)) {
      return found;
    }
    try (Stream<Path> all = Files.list(savepoints)) {
      all.filter(which).forEach(savepoint -> found.add(plain(savepoint.toString())));
      return found;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Ends a round: the savepoints that there are now have been judged. */
  void roundIsOver() {
    judged = savepointsOnDisk();
  }

  /** What is wrong at the beginning of a round: the one before it was not over. */
  List<String> belated() {
    Set<String> late = savepointsOnDisk();
    late.removeAll(judged);
    return late.isEmpty() ? List.of() : List.of("complete only after the round before: " + late);
  }

  /** One spelling for a path on disk. */
  static String plain(String path) {
    return path == null ? null : path.replaceFirst("^file:/*", "/").replaceFirst("/+$", "");
  }

  /** What was seen of two live jobs of the name. */
  List<String> breaches() {
    return watch.breaches();
  }

  int jobsSoFar() {
    return watch.jobs();
  }

  private void send() {
    Iterator<TrafficEvent> events =
        LongStream.iterate(0, number -> number + 1).mapToObj(ChaosJob::event).iterator();
    try (TrafficSender sender = TrafficSender.connect(connection, topic)) {
      sender.send(events, SendOptions.everything().withRate(EVENTS_PER_SECOND), progress -> {});
    } catch (RuntimeException | Error e) {
      trafficFailure.set(e);
    }
  }

  private static TrafficEvent event(long number) {
    String json =
        """
        {"url":"https://www.example.com/page/%d","referrer":null,"host":"www.example.com",\
        "ip":"203.0.113.7","headers":{},"event_time":"%s",\
        "user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"}\
        """
            .formatted(number, Instant.now().truncatedTo(ChronoUnit.MILLIS));
    return new TrafficEvent(json.getBytes(StandardCharsets.UTF_8), TrafficEvent.Kind.GOOD);
  }

  /**
   * Ends the traffic, lets the job read all of it, and counts.
   *
   * @return how many events were sent
   */
  long countEverything() throws InterruptedException, SQLException {
    traffic.interrupt();
    traffic.join();
    assertThat(trafficFailure.get()).isNull();
    SortedMap<Integer, Long> sent;
    UUID topicId;
    try (KafkaTopics topics =
        new KafkaTopics(new KafkaConnection(connection, new ShellCommands()))) {
      sent = topics.endOffsets(topic);
      topicId = topics.id(topic);
    }
    try (Connection database = database()) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(rows(database, "processed_events", topicId))
                      .as("rows by partition")
                      .isEqualTo(sent));
      assertThat(rows(database, "rejected_events", topicId)).isEmpty();
    }
    return sent.values().stream().mapToLong(Long::longValue).sum();
  }

  private Connection database() throws SQLException {
    Map<String, String> environment = at.environment();
    return DriverManager.getConnection(
        at.postgres(), at.postgresUser(), environment.get("POSTGRES_PASSWORD"));
  }

  /** Rows by partition; a place in Kafka has one row at most, which the table's key sees to. */
  private static SortedMap<Integer, Long> rows(Connection database, String table, UUID topicId)
      throws SQLException {
    SortedMap<Integer, Long> rows = new TreeMap<>();
    try (PreparedStatement statement =
        database.prepareStatement(
            "SELECT kafka_partition, count(*) FROM "
                + table
                + " WHERE source = (SELECT source FROM sources WHERE topic_id = ?)"
                + " GROUP BY kafka_partition")) {
      statement.setObject(1, topicId);
      ResultSet found = statement.executeQuery();
      while (found.next()) {
        rows.put(found.getInt(1), found.getLong(2));
      }
    }
    return rows;
  }

  /** Leaves the cluster without the job. */
  @Override
  public void close() {
    traffic.interrupt();
    watch.close();
    cancelOthers();
  }
}
