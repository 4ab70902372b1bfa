package dev.trafficctl.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.trafficctl.cli.state.StateFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What every command that needs a cluster says of one that is not there or is none. */
class EveryCommandTest {
  /** The commands that ask no Flink anything, or that make their own. */
  private static final Set<String> WITHOUT_CLUSTER =
      Set.of(
          "__complete",
          "completion",
          "context delete",
          "context list",
          "context set",
          "context show",
          "context use",
          "demo",
          "local down",
          "local logs",
          "local status",
          "local traffic",
          "local up",
          // They ask a cluster only about what their journal tells of.
          "operations resume",
          "operations show",
          // It reads a state and asks Kafka alone.
          "savepoint inspect",
          "savepoint status",
          "schema",
          // They ask Postgres alone.
          "schema apply",
          "schema status");

  /**
   * What the commands need that do not run without any argument; {@code JAR} is a file, {@code
   * SAVEPOINT} a directory.
   */
  private static final Map<String, List<String>> ARGUMENTS =
      Map.ofEntries(
          Map.entry("offsets", List.of("--earliest")),
          Map.entry("rescale", List.of("--parallelism", "2")),
          Map.entry("restart", List.of("--jar", "JAR")),
          Map.entry("savepoint delete", List.of("SAVEPOINT")),
          Map.entry("submit", List.of("--jar", "JAR")));

  /** The commands about one job that change nothing. */
  private static final Set<String> ONLY_LOOK =
      Set.of("backpressure", "exceptions", "lag", "logs", "status");

  @TempDir Path directory;
  private int journals;

  private List<List<String>> commands() throws Exception {
    Path jar = Files.writeString(directory.resolve("job.jar"), "not read here");
    Path savepoint = StateFixture.savepoint(directory.resolve("savepoint-aaaaaa-0123456789ab"));
    Map<String, String> places = Map.of("JAR", jar.toString(), "SAVEPOINT", savepoint.toString());
    List<String> names = new ArrayList<>();
    collect(TrafficCtl.commandLine(TestConsole.frozen().environment()), "", names);
    assertThat(names).containsAll(WITHOUT_CLUSTER).containsAll(ARGUMENTS.keySet());
    return names.stream()
        .filter(name -> !WITHOUT_CLUSTER.contains(name))
        .map(
            name ->
                Stream.concat(
                        Stream.of(name.split(" ", -1)),
                        ARGUMENTS.getOrDefault(name, List.of()).stream())
                    .map(word -> places.getOrDefault(word, word))
                    .toList())
        .toList();
  }

  private static void collect(CommandLine command, String name, List<String> leaves) {
    boolean doesSomething =
        command.getSubcommands().isEmpty() || command.getCommand() instanceof Callable;
    if (doesSomething) {
      leaves.add(name);
    }
    command
        .getSubcommands()
        .forEach((word, child) -> collect(child, (name + " " + word).strip(), leaves));
  }

  private static int run(TestConsole console, List<String> command, String url) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of("--flink", url));
    return console.run(all.toArray(String[]::new));
  }

  /** The whole answer is words for a person, and nothing was done. */
  private static void complains(List<String> command, String url, Set<Integer> exitCodes) {
    TestConsole console = TestConsole.jumping();
    int exitCode = run(console, command, url);
    List<String> words =
        console.err().lines().filter(line -> !line.startsWith("submitting ")).toList();
    assertThat(exitCode).as(console.err()).isIn(exitCodes);
    assertThat(console.out()).isEqualTo("");
    assertThat(words).hasSizeBetween(1, 3);
    assertThat(console.err()).doesNotContain("\tat ", "unexpected").contains("trafficctl: ");
  }

  @TestFactory
  List<DynamicTest> aClusterThatCannotBeReached() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    return commands().stream()
        .map(
            command ->
                DynamicTest.dynamicTest(
                    command.toString(),
                    () -> complains(command, "http://127.0.0.1:" + port, Set.of(5))))
        .toList();
  }

  @TestFactory
  List<DynamicTest> aServerThatAnswersNonsense() throws Exception {
    Map<String, FakeFlink.Answer> nonsense = new LinkedHashMap<>();
    nonsense.put("HTML", body(200, "<html><body>It works!</body></html>"));
    nonsense.put("nothing", body(200, ""));
    nonsense.put("a text", body(200, "\"jobs\""));
    nonsense.put("null", body(200, "null"));
    nonsense.put("an empty array", body(200, "[]"));
    nonsense.put("an array of numbers", body(200, "[1,2]"));
    nonsense.put("an empty object", body(200, "{}"));
    nonsense.put("a number for the jobs", body(200, "{\"jobs\":7}"));
    nonsense.put("jobs without anything", body(200, "{\"jobs\":[{}]}"));
    nonsense.put("a job id that is a path", body(200, jobs("../../jars")));
    nonsense.put("JSON that is too deep", body(200, "[".repeat(100_000)));
    nonsense.put("JSON that is too deep for jobs", body(200, "{\"jobs\":" + "[".repeat(100_000)));
    nonsense.put("an error that is none of Flink's", body(404, "no such page"));
    nonsense.put("an error without a cause", body(500, "{\"errors\":7}"));
    nonsense.put("an endless body", EveryCommandTest::endless);
    nonsense.put("a redirect", EveryCommandTest::redirect);
    nonsense.put("not ready", EveryCommandTest::notReady);
    nonsense.put("a body that breaks off", EveryCommandTest::breaksOff);
    List<DynamicTest> tests = new ArrayList<>();
    List<List<String>> commands = commands();
    nonsense.forEach(
        (name, answer) -> {
          for (List<String> command : commands) {
            tests.add(DynamicTest.dynamicTest(name + ": " + command, () -> meets(command, answer)));
          }
        });
    return tests;
  }

  @TestFactory
  List<DynamicTest> aServerThatKnowsTheListOfJobsAndNothingElse() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    for (List<String> command : aboutOneJob()) {
      for (String answer : List.of("{}", "[]", "[{}]", "7")) {
        tests.add(
            DynamicTest.dynamicTest(
                answer + ": " + command,
                () -> {
                  try (FakeFlink flink = new FakeFlink()) {
                    flink
                        .answer("/jobs/overview", jobs(FakeFlink.JOB))
                        .answer("*", body(200, answer));
                    complains(command, flink.url(), Set.of(5));
                    onlyAsks(flink);
                  }
                }));
      }
    }
    return tests;
  }

  @TestFactory
  List<DynamicTest> aServerThatHasForgottenTheJobOfItsList() throws Exception {
    return aboutOneJob().stream()
        .map(
            command ->
                DynamicTest.dynamicTest(
                    command.toString(),
                    () -> {
                      try (FakeFlink flink = new FakeFlink()) {
                        flink.answer("/jobs/overview", jobs(FakeFlink.JOB));
                        complains(command, flink.url(), Set.of(1, 4));
                        onlyAsks(flink);
                      }
                    }))
        .toList();
  }

  /** A server that is a Flink but for one answer; then a command may do its work without it. */
  @TestFactory
  List<DynamicTest> aServerWithOneAnswerThatIsNonsense() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    String job = "/jobs/" + FakeFlink.JOB;
    for (String path :
        List.of(
            "/overview",
            "/jobmanager/config",
            job,
            job + "/config",
            job + "/status",
            job + "/checkpoints",
            job + "/checkpoints/config",
            job + "/resource-requirements")) {
      for (List<String> command : aboutOneJob()) {
        if (!ONLY_LOOK.contains(command.get(0))) {
          tests.add(DynamicTest.dynamicTest(path + ": " + command, () -> meets(command, path)));
        }
      }
    }
    return tests;
  }

  private void meets(List<String> command, String path) {
    try (ScriptedFlink flink = new ScriptedFlink()) {
      flink
          .server()
          .answer(
              "/jobs/" + FakeFlink.JOB + "/config",
              """
              {"execution-config":{"job-parallelism":2,"user-config":{"trafficctl.arguments":
                "[\\"--kafka-url\\",\\"k:1\\",\\"--postgres-url\\",\\"jdbc:postgresql://p/t\\",\
              \\"--postgres-user\\",\\"job\\"]"}}}\
              """)
          .answer(path, "{}");
      Path state = directory.resolve(Integer.toString(journals++));
      TestConsole console = TestConsole.jumping().with("XDG_STATE_HOME", state.toString());
      int exitCode = run(console, command, flink.server().url());
      assertThat(exitCode).as(console.err()).isIn(0, 1, 3, 4, 5, 6);
      assertThat(console.err()).doesNotContain("\tat ", "unexpected");
      if (exitCode == 5) {
        onlyAsks(flink.server());
      }
    }
  }

  private List<List<String>> aboutOneJob() throws Exception {
    Set<String> others = Set.of("candidates", "checkpoints", "jobs", "operations", "submit");
    return commands().stream()
        .filter(command -> !others.contains(command.get(0)) && !command.contains("list"))
        .toList();
  }

  private static void onlyAsks(FakeFlink flink) {
    assertThat(flink.requests()).allMatch(request -> request.startsWith("GET "));
  }

  private static void meets(List<String> command, FakeFlink.Answer nonsense) {
    try (FakeFlink flink = new FakeFlink().answer("*", nonsense)) {
      complains(command, flink.url(), Set.of(5));
      assertThat(flink.requests())
          .allMatch(request -> request.startsWith("GET "))
          .doesNotHaveDuplicates();
    }
  }

  private static String jobs(String id) {
    return "{\"jobs\":[" + FakeFlink.job(id, "traffic", "RUNNING") + "]}";
  }

  private static FakeFlink.Answer body(int status, String body) {
    return exchange -> {
      byte[] bytes = body.getBytes(UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      if (bytes.length > 0) {
        exchange.getResponseBody().write(bytes);
      }
    };
  }

  private static void endless(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    byte[] some = " ".repeat(1 << 20).getBytes(UTF_8);
    for (int i = 0; i < 1_000; i++) {
      exchange.getResponseBody().write(some);
    }
  }

  private static void redirect(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Location", "http://elsewhere.example/jobs/overview");
    exchange.sendResponseHeaders(307, -1);
  }

  private static void notReady(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Retry-After", "0");
    exchange.sendResponseHeaders(503, -1);
  }

  private static void breaksOff(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 1_000);
    exchange.getResponseBody().write("{\"jobs\":".getBytes(UTF_8));
    exchange.getResponseBody().flush();
  }
}
