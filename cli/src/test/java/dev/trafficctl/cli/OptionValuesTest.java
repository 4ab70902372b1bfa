package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.model.StartingPosition;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Every option that takes a number, a time or offsets, in every command that has it. */
class OptionValuesTest {
  private static final Set<Class<?>> GUARDED =
      Set.of(
          int.class,
          Integer.class,
          long.class,
          Long.class,
          double.class,
          Double.class,
          Duration.class,
          Instant.class,
          StartingPosition.class,
          StartingPosition.Offsets.class);

  /** None of them is a value of any such option. */
  private static final List<String> NONSENSE =
      List.of(
          "",
          " ",
          "NaN",
          "Infinity",
          "1e9",
          "1e400",
          "0x10",
          "1d1",
          "1_000",
          "1,000",
          "+1",
          " 1",
          "1 ",
          "١٢",
          "-0.5",
          "-1",
          "9223372036854775808",
          "99999999999999999999999999",
          "999999999999d",
          "-999999999999d",
          "0=99999999999999999999",
          "0=1,0=2",
          "0=-1",
          "0=latest,1",
          "PT5S");

  private final TestConsole console = TestConsole.frozen();

  private static void forEachOption(BiConsumer<List<String>, OptionSpec> action) {
    forEachOption(GUARDED, action);
  }

  private static void forEachOption(
      Set<Class<?>> types, BiConsumer<List<String>, OptionSpec> action) {
    CommandLine all = TrafficCtl.commandLine(TestConsole.frozen().environment());
    forEachOption(new ArrayList<>(), all, types, action);
  }

  private static void forEachOption(
      List<String> words,
      CommandLine command,
      Set<Class<?>> types,
      BiConsumer<List<String>, OptionSpec> action) {
    CommandSpec spec = command.getCommandSpec();
    spec.options().stream()
        .filter(option -> types.contains(option.type()))
        .forEach(option -> action.accept(words, option));
    for (Map.Entry<String, CommandLine> inner : command.getSubcommands().entrySet()) {
      List<String> longer = new ArrayList<>(words);
      longer.add(inner.getKey());
      forEachOption(longer, inner.getValue(), types, action);
    }
  }

  @Test
  void everyOneHasAConverterOfThisProgram() {
    List<String> seen = new ArrayList<>();
    forEachOption(
        (words, option) -> {
          seen.add(option.longestName());
          assertThat(option.converters()).as("%s %s", words, option.longestName()).isNotEmpty();
        });
    assertThat(seen)
        .contains(
            "--parallelism",
            "--timeout",
            "--limit",
            "--from",
            "--from-timestamp",
            "--from-offsets",
            "--at",
            "--rate",
            "--bad",
            "--kafka-port")
        .hasSizeGreaterThan(40);
  }

  @Test
  void refusesWhatIsNoValueInOneLineThatNamesTheOption() {
    forEachOption(
        (words, option) -> {
          for (String value : NONSENSE) {
            if (option.longestName().equals("--seed") && value.equals("-1")) {
              continue;
            }
            refuses(words, option.longestName(), value);
          }
        });
  }

  /** It would be the directory that the command runs in. */
  @Test
  void refusesAnEmptyPath() {
    List<String> seen = new ArrayList<>();
    forEachOption(
        Set.of(Path.class),
        (words, option) -> {
          seen.add(option.longestName());
          refuses(words, option.longestName(), "");
          refuses(words, option.longestName(), " ");
        });
    assertThat(seen).contains("--directory", "--file", "--jar", "--filter-file");
    refuses(List.of("schema"), "--table", "");
  }

  @Test
  void refusesWhatIsOutOfRange() {
    forEachOption(
        (words, option) -> {
          String name = option.longestName();
          switch (name) {
            case "--parallelism", "--slots" -> {
              refuses(words, name, "0");
              refuses(words, name, "32769");
            }
            case "--taskmanagers", "--partitions" -> {
              refuses(words, name, "1000000000");
              refuses(words, name, "2147483648");
            }
            case "--kafka-port", "--postgres-port", "--flink-port" -> refuses(words, name, "65536");
            case "--bad", "--late", "--max-rejected" -> refuses(words, name, "100.1");
            case "--rate", "--interval" -> refuses(words, name, "0");
            default -> {}
          }
        });
  }

  private void refuses(List<String> words, String option, String value) {
    List<String> line = new ArrayList<>(words);
    line.add(option + "=" + value);
    assertThat(console.run(line.toArray(String[]::new))).as("%s", line).isEqualTo(2);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .as("%s", line)
        .startsWith("trafficctl: " + option + ": ")
        .hasLineCount(1);
  }
}
