package dev.trafficctl.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A process of the standalone Flink cluster. */
abstract class FlinkPart extends JvmPart {
  private static final String JVM_OPTIONS = "env.java.opts.";
  private static final String RESULT = "BASH_JAVA_UTILS_EXEC_RESULT:";
  private static final int ANSWER_MILLIS = 5_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final StackRecord stack;
  private final Path configuration;
  private final Map<String, String> environment;

  FlinkPart(
      String name,
      StackDirectory directory,
      Distribution distribution,
      StackRecord stack,
      Map<String, String> environment) {
    super(name, directory, distribution.flinkLib());
    this.stack = stack;
    this.configuration = distribution.configuration().resolve("flink").toAbsolutePath();
    this.environment = environment;
  }

  /** The URL of the REST API of a JobManager on this machine. */
  static String restUrl(int port) {
    return "http://127.0.0.1:" + port;
  }

  final StackRecord stack() {
    return stack;
  }

  /** The class whose {@code main} is the process. */
  abstract String mainClass();

  /** Which of the commands of Flink's {@code BashJavaUtils} computes its memory settings. */
  abstract String memoryCommand();

  /** What this machine adds to the common configuration. */
  abstract List<String> settings() throws IOException;

  /** What the configuration calls this kind of process: {@code jobmanager}, {@code taskmanager}. */
  abstract String kind();

  @Override
  final void launch() throws IOException {
    Path temporary = directory().flink().resolve("tmp").resolve(name());
    Files.createDirectories(temporary);
    List<String> dynamic = new ArrayList<>();
    dynamic.add("io.tmp.dirs=" + temporary);
    dynamic.add("jobmanager.rpc.address=127.0.0.1");
    dynamic.add("jobmanager.rpc.port=" + stack.flinkRpcPort());
    dynamic.addAll(settings());
    List<String> configured = new ArrayList<>(List.of("--configDir", configuration.toString()));
    dynamic.forEach(setting -> configured.add("-D" + setting));
    Memory memory = memory(configured);

    List<String> arguments = new ArrayList<>(memory.jvmOptions());
    arguments.addAll(jvmOptions());
    arguments.add("-Dlog4j.configurationFile=" + logging());
    // Where the web interface finds the log that it shows.
    arguments.add("-Dlog.file=" + log());
    arguments.addAll(classPath());
    arguments.add(mainClass());
    arguments.addAll(configured);
    arguments.addAll(memory.settings());
    launchJava(arguments, environment);
  }

  private record Memory(List<String> jvmOptions, List<String> settings) {}

  private Memory memory(List<String> configured) {
    List<String> command = new ArrayList<>(List.of(java(), "-XX:TieredStopAtLevel=1"));
    command.add("-Dlog4j.configurationFile=" + logging());
    command.addAll(classPath());
    command.add("org.apache.flink.runtime.util.bash.BashJavaUtils");
    command.add(memoryCommand());
    command.addAll(configured);
    String purpose = "computing the memory settings of " + name();
    List<List<String>> results =
        new Command(command, Map.of())
            .run(purpose)
            .lines()
            .filter(line -> line.startsWith(RESULT))
            .map(line -> words(line.substring(RESULT.length())))
            .toList();
    if (results.size() != 2) {
      throw new StackException(purpose + " failed: Flink printed no result");
    }
    return new Memory(results.get(0), results.get(1));
  }

  private List<String> jvmOptions() throws IOException {
    try (Stream<String> lines = Files.lines(configuration.resolve("config.yaml"))) {
      return lines
          .filter(
              line ->
                  line.startsWith(JVM_OPTIONS + "all:")
                      || line.startsWith(JVM_OPTIONS + kind() + ":"))
          .flatMap(line -> words(line.substring(line.indexOf(':') + 1)).stream())
          .toList();
    }
  }

  private static List<String> words(String line) {
    return Arrays.stream(line.strip().split("\\s+")).filter(word -> !word.isEmpty()).toList();
  }

  private String logging() {
    return configuration.resolve("log4j-console.properties").toUri().toString();
  }

  /** What the REST API answers at a path, if it answers. */
  final Optional<JsonNode> ask(String path) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create(restUrl(stack.options().flinkPort()) + path).toURL().openConnection();
      connection.setConnectTimeout(ANSWER_MILLIS);
      connection.setReadTimeout(ANSWER_MILLIS);
      try (var body = connection.getInputStream()) {
        return Optional.of(JSON.readTree(body));
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
