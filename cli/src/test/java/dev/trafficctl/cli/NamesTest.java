package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How the classes of all modules are called, and how long they are. */
class NamesTest {
  private static final Pattern THROWABLE =
      Pattern.compile("class (\\w+)[^{]*? extends \\w*(?:Exception|Error|Throwable)\\b");

  private static List<Path> sources() throws IOException {
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      return modules
          .map(module -> module.resolve("src/main/java"))
          .filter(Files::isDirectory)
          .flatMap(NamesTest::below)
          .toList();
    }
  }

  private static Stream<Path> below(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("package-info.java"))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void noTwoClassesHaveOneName() throws IOException {
    SortedMap<String, List<Path>> byName =
        sources().stream()
            .collect(
                Collectors.groupingBy(
                    file -> file.getFileName().toString(), TreeMap::new, Collectors.toList()));

    assertThat(byName).containsKeys("Settings.java", "TrafficCtl.java", "TrafficJob.java");
    assertThat(byName.values()).allSatisfy(files -> assertThat(files).hasSize(1));
  }

  @Test
  void whatIsThrownIsCalledException() throws IOException {
    List<String> names =
        sources().stream()
            .flatMap(file -> THROWABLE.matcher(read(file)).results())
            .map(match -> match.group(1))
            .toList();

    assertThat(names).contains("CommandException").allMatch(name -> name.endsWith("Exception"));
  }

  @Test
  void noTextOutsideOfTheCommandsSpellsACommand() throws IOException {
    Path cli = Path.of("../cli/src/main/java/dev/trafficctl/cli");
    Pattern spelled =
        Pattern.compile(
            "\"[^\"\n]*\\btrafficctl (?:"
                + String.join("|", TrafficCtl.COMMANDS.keySet())
                + ")\\b[^\"\n]*\"");
    List<Path> all = sources().stream().filter(file -> file.startsWith(cli)).toList();

    assertThat(all).contains(cli.resolve("kafka/KafkaFailure.java"));
    assertThat(all.stream().filter(file -> !file.startsWith(cli.resolve("command"))))
        .allSatisfy(
            file ->
                assertThat(
                        // A text that goes over several lines is one.
                        spelled.matcher(read(file).replaceAll("\"\\s*\\+\\s*\"", "")).results())
                    .as(file + "")
                    .map(MatchResult::group)
                    .isEmpty());
  }

  @Test
  void noFileIsLong() throws IOException {
    assertThat(sources())
        .allSatisfy(
            file -> assertThat(read(file).lines().count()).as(file + "").isLessThanOrEqualTo(400));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
