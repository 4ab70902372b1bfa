package dev.trafficctl.cli.command;

import static dev.trafficctl.cli.ScriptedFlink.IN_PROGRESS;
import static dev.trafficctl.cli.ScriptedFlink.completed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.ScriptedFlink;
import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.TriggerId;
import dev.trafficctl.cli.state.StateFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A command, and a Flink on which it comes to a good end as long as nothing disturbs it. */
final class HostileScene implements AutoCloseable {
  /** The path of each savepoint; this machine has no such directory. */
  static final String PATH = "file:/s/savepoint-aaaaaa-1";

  /** The longest that a command with the option is to wait. */
  static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** {@code JAR} and {@code STATE} are files; what is resumed follows on {@code resume}. */
  static final List<List<String>> COMMANDS =
      List.of(
          changing("stop"),
          changing("savepoint"),
          changing("cancel"),
          changing("checkpoint"),
          changing("submit", "--jar", "JAR", "--", "--job-name", "clicks"),
          changing("restart", "--jar", "JAR"),
          changing("rescale", "--parallelism", "4"),
          changing("savepoint", "delete", "STATE"),
          changing("operations", "resume", "stop"),
          changing("operations", "resume", "savepoint"),
          changing("operations", "resume", "restart"),
          List.of("status"),
          List.of("jobs"),
          List.of("exceptions", "--full"),
          List.of("checkpoints"),
          List.of("savepoint", "list"),
          List.of("backpressure"));

  private static final String JOB = "/jobs/" + FakeFlink.JOB;
  private static final String DISPOSAL = "d".repeat(32);

  private final ScriptedFlink flink = new ScriptedFlink();
  private final AtomicReference<Duration> waited = new AtomicReference<>(Duration.ZERO);
  private final TestConsole console = TestConsole.jumping(time -> waited.updateAndGet(time::plus));
  private final Path directory;
  private final List<String> words;
  private final int before;

  /**
   * Sets it up.
   *
   * @param command one of {@link #COMMANDS}
   * @param directory is empty
   */
  HostileScene(List<String> command, Path directory) {
    this.directory = directory;
    console.with("XDG_STATE_HOME", directory.resolve("journal").toString());
    boolean resumes = command.get(0).equals("operations");
    String verb = command.get(resumes ? 2 : 0);
    prepare(command.contains("delete") ? "delete" : verb);
    if (resumes) {
      leaveOpen(verb);
    }
    words = new ArrayList<>();
    for (String word : resumes ? command.subList(3, command.size()) : command) {
      words.add(word);
    }
    if (resumes) {
      words.addAll(0, List.of("operations", "resume"));
    }
    words.replaceAll(this::file);
    int end = words.contains("--") ? words.indexOf("--") : words.size();
    words.addAll(end, List.of("--flink", flink.server().url()));
    before = flink.server().requests().size();
    waited.set(Duration.ZERO);
  }

  private static List<String> changing(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    int end = all.contains("--") ? all.indexOf("--") : all.size();
    all.addAll(end, List.of("--timeout", TIMEOUT.toSeconds() + "s"));
    return all;
  }

  private String file(String word) {
    return switch (word) {
      case "JAR" -> jar().toString();
      case "STATE" -> state().toString();
      default -> word;
    };
  }

  private Path jar() {
    return directory.resolve("job.jar");
  }

  /** Where the savepoint is that is deleted. */
  private Path state() {
    return directory.resolve("savepoint-aaaaaa-0123456789ab");
  }

  private void prepare(String verb) {
    switch (verb) {
      case "stop" -> stops();
      case "savepoint" -> flink.does("savepoint", IN_PROGRESS, completed(PATH)).states("RUNNING");
      case "cancel" -> {
        flink.server().answer(JOB + "?mode=cancel", "{}");
        flink.states("RUNNING", "CANCELLING", "CANCELED");
      }
      case "checkpoint" -> checkpoints();
      case "submit" -> {
        write(jar(), "a jar");
        // The id of the first job of a name follows from the cluster.
        flink.starts(JobId.ofStart("clicks//tmp/flink-web-1", 1).text(), PATH);
      }
      case "restart" -> restarts();
      case "rescale" ->
          flink
              .server()
              .answer(
                  JOB + "/resource-requirements",
                  "{\"%s\":{\"parallelism\":{\"lowerBound\":1,\"upperBound\":4}}}"
                      .formatted("b".repeat(32)))
              .answer(
                  JOB,
                  FakeFlink.details("RUNNING", 4)
                      .replace("\"parallelism\":2", "\"parallelism\":4"));
      case "delete" -> deletes();
      default ->
          flink
              .server()
              .answer(
                  JOB + "/exceptions?maxExceptions=100",
                  "{\"exceptionHistory\":{\"entries\":[],\"truncated\":false}}");
    }
  }

  private void stops() {
    flink
        .does("stop", IN_PROGRESS, completed(PATH))
        .states("RUNNING", "RUNNING", "RUNNING", "FINISHED");
  }

  private void checkpoints() {
    String trigger = TriggerId.of("checkpoint", new JobId(FakeFlink.JOB), 1).text();
    flink
        .server()
        .answer(
            JOB + "/checkpoints/" + trigger,
            exchange -> {
              boolean asked = flink.server().requests().contains("POST " + JOB + "/checkpoints");
              send(
                  exchange,
                  asked ? 200 : 404,
                  asked
                      ? "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"checkpointId\":7}}"
                      : "{\"errors\":[\"a.NotFoundException: no\"]}");
            });
  }

  private void restarts() {
    write(jar(), "a jar");
    stops();
    flink.starts(JobId.ofStart(FakeFlink.JOB, 1).text(), PATH);
    flink
        .server()
        .answer(
            JOB + "/config",
            """
            {"execution-config":{"job-parallelism":2,"user-config":{"trafficctl.arguments":
              "[\\"--kafka-url\\",\\"no-such-host.invalid:9092\\",\\"--postgres-url\\",\
            \\"jdbc:postgresql://p/t\\",\\"--postgres-user\\",\\"job\\"]"}}}\
            """);
  }

  private void deletes() {
    try {
      StateFixture.savepoint(state());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    flink
        .server()
        .answer(
            "/savepoint-disposal",
            exchange -> {
              Files.deleteIfExists(state().resolve("_metadata"));
              Files.deleteIfExists(state());
              send(exchange, 202, "{\"request-id\":\"" + DISPOSAL + "\"}");
            })
        .answer(
            "/savepoint-disposal/" + DISPOSAL,
            "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{}}");
  }

  /** Begins something whose end is not waited for. */
  private void leaveOpen(String verb) {
    if (verb.equals("restart")) {
      flink.does("stop", IN_PROGRESS).states("RUNNING");
      List<String> restart = List.of("restart", "--jar", jar().toString(), "--timeout", "1s");
      assertThat(run(restart)).as(console.err()).isEqualTo(6);
    } else {
      assertThat(run(List.of(verb, "--detach"))).as(console.err()).isZero();
    }
    if (!verb.equals("savepoint")) {
      flink.results("stop", 1, IN_PROGRESS, completed(PATH)).states("RUNNING", "FINISHED");
    }
  }

  private int run(List<String> command) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of("--flink", flink.server().url()));
    return console.run(all.toArray(String[]::new));
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** Runs the command, and returns its exit code. */
  int play() {
    return console.run(words.toArray(String[]::new));
  }

  FakeFlink server() {
    return flink.server();
  }

  TestConsole console() {
    return console;
  }

  /** How long the command has paused so far, by its own clock. */
  Duration waited() {
    return waited.get();
  }

  /** What the command has asked so far. */
  List<String> requests() {
    List<String> all = flink.server().requests();
    return all.subList(before, all.size());
  }

  /** Whether what a savepoint is deleted for is there. */
  boolean stateIsThere() {
    return Files.exists(state());
  }

  @Override
  public void close() {
    flink.close();
  }
}
