package dev.trafficctl.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.state.StateFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The list of classes that the launcher makes an archive of is that of the classes which the
 * commands load that people wait for. With {@code -Dclasses.record} it is written anew.
 */
class ClassListTest {
  private static final Path LIST = Path.of("src/main/distribution/trafficctl.classes");
  private static final String JOB = "/jobs/" + FakeFlink.JOB;
  private static final String METRICS = JOB + "/vertices/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/metrics";
  private static final String OFFSET =
      "0.Source__read.KafkaSourceReader.topic.web-traffic.partition.0.currentOffset";
  private static final double ENOUGH = 0.97;

  @TempDir Path directory;

  @Test
  void listsWhatCommandsLoad() throws Exception {
    Set<String> loaded = new TreeSet<>();
    try (FakeFlink flink = flink();
        FakeKafka kafka = new FakeKafka(answer -> {})) {
      String checkpoint = StateFixture.savepoint(directory.resolve("savepoint")).toString();
      for (String command :
          List.of(
              "--version",
              "jobs",
              "jobs -o json",
              "status",
              "status -o json",
              "savepoint --plan",
              "local status",
              "lag",
              "offsets --earliest",
              "savepoint inspect " + checkpoint)) {
        loaded.addAll(run(flink.url(), kafka.address(), command));
      }
    }
    if (System.getProperty("classes.record") != null) {
      Files.write(
          LIST,
          Stream.concat(
                  Stream.of(
                      "# The classes that most commands load; the launcher has Java archive them."
                          + " Written by: mvn -B test -pl cli -am -Dtest=ClassListTest"
                          + " -Dsurefire.failIfNoSpecifiedTests=false -Dclasses.record"),
                  loaded.stream())
              .toList());
    }

    List<String> lines =
        Files.readAllLines(LIST).stream().filter(line -> !line.startsWith("#")).toList();
    assertThat(lines).doesNotHaveDuplicates();
    Set<String> listed = Set.copyOf(lines);
    assertThat(share(loaded, listed)).as("listed of those that are loaded").isGreaterThan(ENOUGH);
    assertThat(share(listed, loaded)).as("loaded of those that are listed").isGreaterThan(ENOUGH);
  }

  private static double share(Set<String> of, Set<String> in) {
    return (double) of.stream().filter(in::contains).count() / of.size();
  }

  private static FakeFlink flink() {
    return new FakeFlink()
        .withTraffic()
        .answer(
            JOB + "/config",
            """
            {"execution-config":{"job-parallelism":1,"user-config":{"trafficctl.arguments":
              "[\\"--kafka-url\\",\\"broker:9092\\",\\"--kafka-topic\\",\\"web-traffic\\",\
            \\"--kafka-group\\",\\"traffic\\",\\"--postgres-url\\",\\"jdbc:postgresql://p/t\\",\
            \\"--postgres-user\\",\\"job\\"]"}}}\
            """)
        .answer("/jobmanager/config", "[]")
        .answer(METRICS, "[{\"id\":\"" + OFFSET + "\"}]")
        .answer(METRICS + "?get=" + OFFSET, "[{\"id\":\"" + OFFSET + "\",\"value\":\"3\"}]");
  }

  private Set<String> run(String flink, String kafka, String command) throws Exception {
    Path log = directory.resolve("classes");
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-Xlog:disable",
                "-Xlog:class+load:file=" + log + ":none",
                "-Dslf4j.provider=org.slf4j.nop.NOPServiceProvider",
                "-Dslf4j.internal.verbosity=WARN",
                "-Dtrafficctl.distribution=" + directory,
                "-cp",
                System.getProperty("java.class.path"),
                TrafficCtl.class.getName()));
    words.addAll(List.of(command.split(" ")));
    if (!command.startsWith("-") && !command.startsWith("local")) {
      words.addAll(List.of("--flink", flink));
    }
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "KAFKA_URL", kafka,
                "XDG_STATE_HOME", directory.toString(),
                "XDG_CONFIG_HOME", directory.toString()));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
    assertThat(said).as(command).doesNotContain("Exception");
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .map(line -> line.replaceFirst(" source: .*", ""))
          // What Java makes while it runs has no name that another run could know it by.
          .filter(name -> !name.matches(".*(/0x|\\$\\$|LambdaForm|\\$Proxy|\\.Generated).*"))
          .map(name -> name.replace('.', '/'))
          .collect(Collectors.toSet());
    }
  }
}
