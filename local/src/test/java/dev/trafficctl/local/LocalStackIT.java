package dev.trafficctl.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStackIT {
  private static final Distribution CHECKOUT = Distribution.ofCheckout(Path.of(".."));

  @TempDir static Path temporary;
  private static Path directory;
  private static LocalStack stack;

  private final List<String> progress = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void bringUp() {
    directory = temporary.resolve("alone/a stück ☕");
    stack = LocalStack.in(directory, CHECKOUT);
    stack.up(StackOptions.onFreePorts(), line -> {});
  }

  @AfterAll
  static void takeDown() {
    stack.down(true, line -> {});
  }

  @Test
  void keepsAllItHasInItsDirectory() throws IOException {
    assertThat(directory.resolve("kafka/data/meta.properties")).exists();
    try (Stream<Path> entries = Files.list(directory.getParent())) {
      assertThat(entries).containsExactly(directory);
    }
  }

  @Test
  void everyPartRunsAndAnswers() throws Exception {
    StackStatus status = stack.status();

    assertThat(status.allRunning()).isTrue();
    assertThat(status.parts())
        .extracting(StackStatus.Part::name)
        .startsWith("kafka", "postgres", "jobmanager", "taskmanager-1");
    assertThat(taskManagersKnownToFlink()).isEqualTo(status.parts().size() - 3);
    assertThat(query("SHOW track_commit_timestamp")).isEqualTo("on");
    assertThat(query("SHOW fsync")).isEqualTo("on");
    assertThat(query("SHOW max_wal_size")).isEqualTo("2GB");
    assertThat(query("SELECT current_user || '@' || current_database()"))
        .isEqualTo("traffic@traffic");
    assertThat(Files.getPosixFilePermissions(directory))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void noPartHasWhatIsTheCallersOwn() throws Exception {
    List<String> given =
        List.of(
            "KAFKA_URL",
            "KAFKA_WEB_TRAFFIC_KEY",
            "KAFKA_WEB_TRAFFIC_SECRET",
            "POSTGRES_URL",
            "POSTGRES_USER",
            "POSTGRES_PASSWORD");
    // Set by the shell, or by the programs of Postgres.
    List<String> added =
        List.of(
            "PWD",
            "OLDPWD",
            "SHLVL",
            "_",
            "PGDATA",
            "PGLOCALEDIR",
            "PGSYSCONFDIR",
            "PG_GRANDPARENT_PID");
    for (Map.Entry<String, Long> part : pids().entrySet()) {
      Path environment = Path.of("/proc", part.getValue().toString(), "environ");
      if (Files.exists(environment)) {
        assertThat(Files.readString(environment).split("\0"))
            .as(part.getKey())
            .extracting(variable -> variable.replaceFirst("(?s)=.*", ""))
            .allMatch(
                name ->
                    name.isEmpty()
                        || ChildEnvironment.isPassedOn(name)
                        || given.contains(name)
                        || added.contains(name));
      }
    }
    try (Stream<Path> files = Files.walk(directory)) {
      assertThat(files.filter(path -> path.startsWith(directory.resolve("logs"))))
          .allMatch(LocalStackIT::isOwnersAlone);
    }
  }

  private static boolean isOwnersAlone(Path path) {
    try {
      return Files.getPosixFilePermissions(path).stream()
          .allMatch(permission -> permission.name().startsWith("OWNER_"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void upAgainChangesNothing() {
    Map<String, Long> before = pids();

    stack.up(StackOptions.onFreePorts(), progress::add);

    assertThat(pids()).isEqualTo(before);
    assertThat(progress).isEmpty();
  }

  @Test
  void aDeadTaskManagerIsReportedAndBroughtBack() {
    Map<String, Long> before = pids();

    stack.kill("taskmanager-1");
    assertThat(state("taskmanager-1")).isEqualTo(StackStatus.State.DEAD);
    assertThat(stack.status().allRunning()).isFalse();

    stack.up(StackOptions.onFreePorts(), progress::add);
    assertThat(progress).first().isEqualTo("taskmanager-1 had died: starting it again");
    assertThat(stack.status().allRunning()).isTrue();
    Map<String, Long> after = pids();
    assertThat(after.get("taskmanager-1")).isNotEqualTo(before.get("taskmanager-1"));
    assertThat(after.get("kafka")).isEqualTo(before.get("kafka"));
  }

  @Test
  void twoUpsAtOnceStartAPartOnce() {
    stack.kill("jobmanager");

    CompletableFuture<StackStatus> one = upElsewhere();
    CompletableFuture<StackStatus> other = upElsewhere();

    assertThat(one.join().parts()).isEqualTo(other.join().parts());
    assertThat(progress).filteredOn(line -> line.endsWith("starting it again")).hasSize(1);
  }

  private CompletableFuture<StackStatus> upElsewhere() {
    return CompletableFuture.supplyAsync(
        () -> LocalStack.in(directory, CHECKOUT).up(StackOptions.onFreePorts(), progress::add));
  }

  @Test
  void aTaskManagerIsAdded() throws Exception {
    StackStatus status = stack.up(StackOptions.onFreePorts().withTaskManagers(2), progress::add);

    assertThat(status.allRunning()).isTrue();
    assertThat(state("taskmanager-2")).isEqualTo(StackStatus.State.RUNNING);
  }

  @Test
  void aFrozenPartIsShownAndGoesOn() throws Exception {
    try (Connection connection = postgres();
        Statement statement = connection.createStatement()) {
      connection.setNetworkTimeout(Runnable::run, 500);
      stack.freeze("postgres");
      assertThat(state("postgres")).isEqualTo(StackStatus.State.FROZEN);
      assertThatThrownBy(() -> statement.execute("SELECT 1")).hasMessageContaining("I/O error");
    }

    stack.thaw("postgres");
    assertThat(state("postgres")).isEqualTo(StackStatus.State.RUNNING);
    assertThat(query("SELECT 1")).isEqualTo("1");
  }

  @Test
  void upLetsAFrozenPartGoOn() {
    stack.freeze("kafka");

    stack.up(StackOptions.onFreePorts(), progress::add);

    assertThat(progress).containsExactly("kafka is frozen: letting it go on");
    assertThat(stack.status().allRunning()).isTrue();
  }

  @Test
  void theTerminalsInterruptReachesNoPart() throws Exception {
    Map<String, Long> before = pids();
    for (String part : List.of("kafka", "jobmanager", "taskmanager-1")) {
      for (String signal : List.of("INT", "HUP")) {
        new OsProcess(ProcessHandle.of(before.get(part)).orElseThrow()).signal(signal);
      }
    }

    stack.up(StackOptions.onFreePorts(), progress::add);

    assertThat(pids()).isEqualTo(before);
  }

  @Test
  void aTakenPortIsNamedBeforeAnythingStarts() throws Exception {
    Path elsewhere = temporary.resolve("taken");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      StackOptions options = new StackOptions(1, 2, Security.PLAINTEXT, port, 0, 0);
      LocalStack other = LocalStack.in(elsewhere, CHECKOUT);

      assertThatThrownBy(() -> other.up(options, progress::add))
          .isInstanceOf(StackException.class)
          .hasMessage(
              "port %d (kafka) is taken: stop what uses it, or choose another with --kafka-port",
              port);
      assertThat(progress).isEmpty();
      assertThat(other.status()).isEqualTo(new StackStatus(List.of(), null));
    }
  }

  @Test
  void kafkaKeepsTopicsAndRecordsOverAStop() throws Exception {
    byte[] large = new byte[20_000_000];
    try (Admin admin = Admin.create(kafka())) {
      admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1))).all().get();
    }
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      producer.send(new ProducerRecord<>("kept", "small".getBytes(StandardCharsets.UTF_8))).get();
      producer.send(new ProducerRecord<>("kept", large)).get();
    }

    stack.stop("kafka");
    assertThat(state("kafka")).isEqualTo(StackStatus.State.STOPPED);
    stack.start("kafka");

    assertThat(sizes("kept", 2)).containsExactly(5, 20_000_000);
  }

  @Test
  void aCommittedRowOutlivesAKilledPostgres() throws Exception {
    try (Connection connection = postgres();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO sources (topic_id, topic) VALUES (gen_random_uuid(), 'kept')");
    }

    stack.kill("postgres");
    assertThat(state("postgres")).isEqualTo(StackStatus.State.DEAD);
    stack.start("postgres");

    assertThat(query("SELECT count(*) FROM sources WHERE topic = 'kept'")).isEqualTo("1");
  }

  @Test
  void aPartThatDiesWhileStartingSaysWhy() throws Exception {
    Path configuration = temporary.resolve("broken/postgres");
    Files.createDirectories(configuration);
    Files.writeString(configuration.resolve("postgresql.conf"), "shared_buffers = plenty\n");
    LocalStack broken =
        LocalStack.in(
            directory,
            new Distribution(CHECKOUT.kafkaLib(), CHECKOUT.flinkLib(), configuration.getParent()));

    stack.stop("postgres");
    assertThatThrownBy(() -> broken.start("postgres"))
        .isInstanceOf(StackException.class)
        .hasMessageStartingWith("postgres died while starting: ")
        .hasMessageContaining("postgresql.conf\" contains errors")
        .hasMessageEndingWith(": see " + stack.log("postgres"));

    stack.start("postgres");
    assertThat(stack.status().allRunning()).isTrue();
  }

  @Test
  void aPidFileLeftBehindHarmsNobody() throws Exception {
    stack.stop("taskmanager-1");
    Process bystander = new ProcessBuilder("sleep", "60").start();
    try {
      Files.writeString(
          directory.resolve("run/taskmanager-1.pid"), bystander.pid() + " 1000000000\n");

      assertThat(state("taskmanager-1")).isEqualTo(StackStatus.State.DEAD);
      assertThatThrownBy(() -> stack.kill("taskmanager-1"))
          .isInstanceOf(StackException.class)
          .hasMessage(
              "taskmanager-1 does not run: start it with `trafficctl local up --directory '"
                  + directory
                  + "'`");
      stack.stop("taskmanager-1");
      assertThat(bystander.isAlive()).isTrue();
    } finally {
      bystander.destroyForcibly();
    }
  }

  @Test
  void otherOptionsThanItWasMadeWithAreRefused() {
    assertThatThrownBy(
            () -> stack.up(StackOptions.onFreePorts().withSecurity(Security.SASL_SSL), l -> {}))
        .isInstanceOf(StackException.class)
        .hasMessage(
            "this stack was made with --security plaintext, not with --security sasl_ssl: ask for"
                + " the same, or delete the stack and its data first with"
                + " `trafficctl local down --wipe --directory '"
                + directory
                + "'`");
  }

  @Test
  void anUnknownPartIsAnsweredWithTheirNames() {
    assertThatThrownBy(() -> stack.kill("zookeeper"))
        .isInstanceOf(StackException.class)
        .hasMessageStartingWith(
            "no part is named zookeeper: it is one of kafka, postgres, jobmanager, taskmanager-1");
  }

  @Test
  void downStopsAllAndWipeDeletesAll() throws Exception {
    List<ProcessHandle> processes =
        pids().values().stream().map(pid -> ProcessHandle.of(pid).orElseThrow()).toList();

    stack.down(false, line -> {});
    assertThat(processes).noneMatch(ProcessHandle::isAlive);
    assertThat(stack.status().parts())
        .extracting(StackStatus.Part::state)
        .containsOnly(StackStatus.State.STOPPED);
    assertThatCode(() -> stack.down(false, line -> {})).doesNotThrowAnyException();

    stack.down(true, line -> {});
    assertThat(stack.status().parts()).isEmpty();
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }

  private static StackStatus.State state(String name) {
    return stack.status().parts().stream()
        .filter(part -> part.name().equals(name))
        .map(StackStatus.Part::state)
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Long> pids() {
    return stack.status().parts().stream()
        .collect(Collectors.toMap(StackStatus.Part::name, StackStatus.Part::pid));
  }

  private static int taskManagersKnownToFlink() throws IOException {
    try (var in =
        URI.create(stack.status().addresses().flink() + "/overview").toURL().openStream()) {
      String overview = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Integer.parseInt(overview.replaceAll(".*\"taskmanagers\":(\\d+).*", "$1"));
    }
  }

  private static Connection postgres() throws Exception {
    StackStatus.Addresses addresses = stack.status().addresses();
    return DriverManager.getConnection(
        addresses.postgres(),
        addresses.postgresUser(),
        addresses.environment().get("POSTGRES_PASSWORD"));
  }

  private static String query(String sql) throws Exception {
    try (Connection connection = postgres();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  private static Map<String, Object> kafka() {
    return Map.of("bootstrap.servers", stack.status().addresses().kafka());
  }

  private static Map<String, Object> with(Map<String, Object> more) {
    return Stream.of(kafka(), more)
        .flatMap(map -> map.entrySet().stream())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        with(Map.of("max.request.size", 32 << 20, "buffer.memory", 64 << 20)),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static List<Integer> sizes(String topic, int count) {
    List<Integer> sizes = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            with(Map.of()), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (sizes.size() < count && System.nanoTime() < deadline) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          sizes.add(record.value().length);
        }
      }
    }
    return sizes;
  }
}
