package dev.trafficctl.cli;

import static dev.trafficctl.cli.ScriptedFlink.checkpoint;
import static dev.trafficctl.cli.ScriptedFlink.completed;
import static dev.trafficctl.cli.ScriptedFlink.failed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.TriggerId;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.StateFixture;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What every command makes of a stdout that cannot be written, as on a disk that is full. */
@EnabledOnOs(OS.LINUX)
class FullStdoutTest {
  private static final String JOB = "/jobs/" + FakeFlink.JOB;
  private static final String NEW = JobId.ofStart(FakeFlink.JOB, 1).text();
  private static final String SAVEPOINT = "s3://b/savepoint-aaaaaa-1";
  private static final String CHECKPOINT = "s3://b/c/chk-7";
  private static final String VERTEX = "b".repeat(32);
  private static final String FULL =
      "trafficctl: stdout could not be written: No space left on device";

  /**
   * What the commands need to print something; {@code JAR}, {@code STATE} and {@code PLACE} are
   * files.
   */
  private static final Map<String, List<String>> READS =
      Map.ofEntries(
          Map.entry("__complete", List.of("contexts")),
          Map.entry("backpressure", List.of("-o", "json")),
          Map.entry("checkpoints", List.of("-o", "json")),
          Map.entry("completion", List.of("bash")),
          Map.entry("context list", List.of("-o", "json")),
          Map.entry("context show", List.of("-o", "json")),
          Map.entry("exceptions", List.of("-o", "json")),
          Map.entry("jobs", List.of()),
          Map.entry("local status", List.of("-o", "json", "--directory", "STATE")),
          Map.entry("operations", List.of("-o", "json")),
          Map.entry("savepoint inspect", List.of("STATE")),
          Map.entry("savepoint list", List.of("-o", "json", "--storage", "PLACE")),
          Map.entry("schema", List.of()),
          Map.entry("status", List.of()));

  private static final Map<String, List<String>> CHANGES =
      Map.of(
          "cancel", List.of(),
          "checkpoint", List.of(),
          "rescale", List.of("--parallelism", "4", "-o", "json"),
          "restart", List.of("--jar", "JAR"),
          "savepoint", List.of(),
          "savepoint delete", List.of("STATE"),
          "stop", List.of(),
          "submit", List.of("--jar", "JAR", "--", "--job-name", "clicks"));

  /** What has nothing to print, needs Kafka, or comes after another command. */
  private static final Set<String> OTHERS =
      Set.of(
          "context delete",
          "context set",
          "context use",
          "demo",
          "lag",
          "local down",
          "local logs",
          "local traffic",
          "local up",
          "logs",
          "offsets",
          "operations resume",
          "operations show",
          "rejected list",
          "rejected retry",
          "savepoint status",
          "schema apply",
          "schema status",
          "verify");

  @TempDir Path directory;
  private int worlds;

  private static void collect(CommandLine command, String name, List<String> leaves) {
    if (command.getSubcommands().isEmpty() || command.getCommand() instanceof Callable) {
      leaves.add(name);
    }
    command
        .getSubcommands()
        .forEach((word, child) -> collect(child, (name + " " + word).strip(), leaves));
  }

  private static Writer full() throws IOException {
    return new OutputStreamWriter(new FileOutputStream("/dev/full"), UTF_8);
  }

  private static Writer closedPipe() {
    return new OutputStreamWriter(
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        },
        UTF_8);
  }

  /** A cluster where a command finds all that it needs, with which it is alone. */
  private final class World implements AutoCloseable {
    private final ScriptedFlink flink = new ScriptedFlink();
    private final TestConsole console = TestConsole.jumping();
    private final Path place = directory.resolve(Integer.toString(worlds++));
    private final Map<String, String> files;

    World(String command) throws Exception {
      Path state = StateFixture.savepoint(place.resolve("savepoint-aaaaaa-0123456789ab"));
      Path jar = Files.writeString(place.resolve("job.jar"), "a jar");
      files = Map.of("JAR", jar.toString(), "STATE", state.toString(), "PLACE", place.toString());
      console
          .with("XDG_STATE_HOME", place.resolve("state").toString())
          .with("XDG_CONFIG_HOME", place.resolve("config").toString());
      assertThat(console.run("context", "set", "here", "--flink", flink.server().url())).isZero();
      assertThat(console.run("context", "use", "here")).isZero();
      flink
          .server()
          .answer(
              JOB + "/config",
              """
              {"execution-config":{"job-parallelism":2,"user-config":{"trafficctl.arguments":
                "[\\"--kafka-url\\",\\"k:1\\",\\"--postgres-url\\",\\"jdbc:postgresql://p/t\\",\
              \\"--postgres-user\\",\\"job\\"]"}}}\
              """)
          .answer(JOB + "?mode=cancel", "")
          .answer(
              JOB + "/exceptions?maxExceptions=100",
              "{\"exceptionHistory\":{\"entries\":[],\"truncated\":false}}")
          .answer(
              JOB + "/resource-requirements",
              "{\"%s\":{\"parallelism\":{\"lowerBound\":1,\"upperBound\":4}}}".formatted(VERTEX))
          .answer(
              "/savepoint-disposal",
              exchange -> {
                Files.delete(state.resolve("_metadata"));
                Files.delete(state);
                send(exchange, 202, "{\"request-id\":\"" + "d".repeat(32) + "\"}");
              })
          .answer(
              "/savepoint-disposal/" + "d".repeat(32),
              "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{}}");
      flink
          .starts(NEW, SAVEPOINT)
          .history(checkpoint(7, false, "COMPLETED", CHECKPOINT))
          .does(command.equals("savepoint") ? "savepoint" : "stop", completed(SAVEPOINT));
      if (command.equals("rescale")) {
        flink
            .server()
            .answer(
                JOB,
                FakeFlink.details("RUNNING", 4).replace("\"parallelism\":2", "\"parallelism\":4"));
      } else if (command.equals("cancel")) {
        flink.states("RUNNING", "CANCELED");
      } else if (command.equals("stop") || command.equals("restart")) {
        flink.states("RUNNING", "FINISHED");
      } else if (command.equals("checkpoint")) {
        checkpoints();
      } else if (command.equals("submit")) {
        // The id of the first job of a name follows from the cluster.
        flink.starts(JobId.ofStart("clicks//tmp/flink-web-1", 1).text(), SAVEPOINT);
      }
    }

    private void checkpoints() {
      String trigger = TriggerId.of("checkpoint", new JobId(FakeFlink.JOB), 1).text();
      flink
          .server()
          .answer(
              JOB + "/checkpoints",
              exchange ->
                  send(
                      exchange,
                      200,
                      FakeFlink.checkpoints("{}", checkpoint(7, false, "COMPLETED", CHECKPOINT))))
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

    int run(String command, List<String> arguments) {
      List<String> all = new ArrayList<>(List.of(command.split(" ", -1)));
      arguments.forEach(word -> all.add(files.getOrDefault(word, word)));
      return console.run(all.toArray(String[]::new));
    }

    @Override
    public void close() {
      flink.close();
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @TestFactory
  List<DynamicTest> everyCommandSaysThatItCouldNotBeWritten() {
    List<String> leaves = new ArrayList<>();
    collect(TrafficCtl.commandLine(TestConsole.frozen().environment()), "", leaves);
    // It does something, and has commands below it.
    leaves.add("operations");
    List<String> known = new ArrayList<>(OTHERS);
    known.addAll(READS.keySet());
    known.addAll(CHANGES.keySet());
    assertThat(leaves).containsExactlyInAnyOrderElementsOf(known);
    List<DynamicTest> tests = new ArrayList<>();
    READS.forEach(
        (command, arguments) ->
            tests.add(DynamicTest.dynamicTest(command, () -> reads(command, arguments))));
    CHANGES.forEach(
        (command, arguments) ->
            tests.add(DynamicTest.dynamicTest(command, () -> changes(command, arguments))));
    leaves.forEach(
        command ->
            tests.add(
                DynamicTest.dynamicTest(
                    command + " --help",
                    () -> {
                      List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
                      words.add("--help");
                      TestConsole console = TestConsole.frozen().printingTo(full());
                      assertThat(console.run(words.toArray(String[]::new))).isEqualTo(1);
                      assertThat(console.err()).isEqualTo(FULL + "\n");
                    })));
    return tests;
  }

  private void reads(String command, List<String> arguments) throws Exception {
    try (World world = new World(command)) {
      int exitCode = world.run(command, arguments);
      assertThat(world.console.out()).as(world.console.err()).isNotEmpty();
      String words = world.console.err();

      world.console.printingTo(closedPipe());
      assertThat(world.run(command, arguments)).isEqualTo(exitCode);
      assertThat(world.console.err()).isEqualTo(words);

      world.console.printingTo(full());
      assertThat(world.run(command, arguments)).isEqualTo(exitCode == 0 ? 1 : exitCode);
      assertThat(world.console.err()).isEqualTo(words + FULL + "\n");
    }
  }

  private void changes(String command, List<String> arguments) throws Exception {
    String lines;
    try (World world = new World(command)) {
      assertThat(world.run(command, arguments)).as(world.console.err()).isZero();
      assertThat(world.console.out()).as(world.console.err()).isNotEmpty();
      lines = world.console.out();
      String place = world.place.toString();
      String url = world.flink.server().url();
      Writer[] nowhere = {full(), closedPipe()};
      for (Writer writer : nowhere) {
        try (World another = new World(command)) {
          another.console.printingTo(writer);
          assertThat(another.run(command, arguments)).isEqualTo(7);
          String here = another.place.toString();
          String at = another.flink.server().url();
          assertThat(another.console.err())
              .contains("trafficctl: stdout could not be written: ", "; this was to be told there:")
              .containsPattern(
                  "trafficctl: what was done is shown by: trafficctl operations show"
                      + " [a-z-]+-20260131-\\d{6}-[0-9a-f]{4}\n");
          assertThat(another.console.err().lines())
              .containsAll(
                  lines
                      .lines()
                      .filter(line -> !line.contains("\"operation\""))
                      .map(line -> line.replace(place, here).replace(url, at))
                      .toList());
        }
      }
    }
  }

  /** Throws as a printer of tables or documents could, when the first character is printed. */
  private static Writer throwing(Throwable what) {
    return new Writer() {
      @Override
      public void write(char[] text, int from, int length) {
        throw sneaky(what);
      }

      @Override
      public void flush() {
        // Nothing was written.
      }

      @Override
      public void close() {
        // Nothing was opened.
      }
    };
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T sneaky(Throwable what) throws T {
    throw (T) what;
  }

  @TestFactory
  List<DynamicTest> whatIsThrownWhileAChangeIsToldDoesNotHideIt() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Throwable what :
        List.of(
            new StackOverflowError(),
            new OutOfMemoryError("Java heap space"),
            new IllegalStateException("a bug"),
            new CommandException(ExitCode.FAILED, "cannot show that"))) {
      CHANGES.forEach(
          (command, arguments) ->
              tests.add(
                  DynamicTest.dynamicTest(
                      what + " in " + command, () -> changeIsTold(command, arguments, what))));
    }
    return tests;
  }

  private void changeIsTold(String command, List<String> arguments, Throwable what)
      throws Exception {
    try (World world = new World(command)) {
      world.console.printingTo(throwing(what));
      assertThat(world.run(command, arguments)).as(world.console.err()).isEqualTo(7);
      assertThat(world.console.err())
          .contains(
              what instanceof CommandException
                  ? "trafficctl: cannot show that\n"
                  : "trafficctl: unexpected " + what.getClass().getName())
          .doesNotContain("run it again")
          .containsPattern(
              "trafficctl: what was done is shown by: trafficctl operations show"
                  + " [a-z-]+-20260131-\\d{6}-[0-9a-f]{4}\n$");
      String fact =
          switch (command) {
            case "cancel", "checkpoint" -> "trafficctl: the path: " + CHECKPOINT;
            case "restart", "savepoint", "stop" -> "trafficctl: the path: " + SAVEPOINT;
            case "savepoint delete" -> "trafficctl: deleted file:" + world.files.get("STATE");
            default -> "trafficctl: the job: ";
          };
      assertThat(world.console.err()).contains(fact);
    }
  }

  @Test
  void whatIsThrownWhileAFailureIsToldLeavesItsOutcome() throws Exception {
    try (World world = new World("stop")) {
      world.flink.does("stop", failed("a.B: full")).states("RUNNING");
      world.console.printingTo(throwing(new StackOverflowError()));
      assertThat(world.run("stop", List.of("-o", "json"))).isEqualTo(1);
      assertThat(world.console.err())
          .contains(
              "unexpected java.lang.StackOverflowError while it was told what was done; report it\n",
              "trafficctl: there is no savepoint, and the job is RUNNING\n",
              "trafficctl: what was done is shown by: trafficctl operations show stop-");
    }
  }

  @Test
  void whatIsThrownByACommandThatOnlyLooksIsItsFailure() throws Exception {
    try (World world = new World("jobs")) {
      world.console.printingTo(throwing(new StackOverflowError()));
      assertThat(world.run("jobs", List.of())).isEqualTo(1);
      assertThat(world.console.err())
          .isEqualTo(
              "trafficctl: unexpected java.lang.StackOverflowError; run it again with --debug and report what"
                  + " it prints\n");
    }
  }

  @Test
  void theProcessOfAChangeDoesNotEndAsDoneAndNamesThePath() throws Exception {
    try (World world = new World("stop")) {
      Process process = start(world, "stop");
      assertThat(process.waitFor()).isEqualTo(7);
      assertThat(Files.readString(world.place.resolve("err")))
          .contains(FULL + "; this was to be told there:\n" + SAVEPOINT + "\n");
    }
  }

  @Test
  void theProcessThatLooksDoesNotEndAsDoneEither() throws Exception {
    try (World world = new World("jobs")) {
      Process process = start(world, "jobs");
      assertThat(process.waitFor()).isEqualTo(1);
      assertThat(Files.readString(world.place.resolve("err"))).isEqualTo(FULL + "\n");
    }
  }

  private static Process start(World world, String command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dtrafficctl.checkout=" + world.place,
                "-cp",
                System.getProperty("java.class.path"),
                TrafficCtl.class.getName(),
                command,
                "--flink",
                world.flink.server().url())
            .redirectOutput(new File("/dev/full"))
            .redirectError(world.place.resolve("err").toFile());
    builder.environment().put("XDG_STATE_HOME", world.place.toString());
    builder.environment().put("XDG_CONFIG_HOME", world.place.toString());
    return builder.start();
  }
}
