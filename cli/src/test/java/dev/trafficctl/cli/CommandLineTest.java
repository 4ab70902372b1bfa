package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.Installation;
import dev.trafficctl.cli.process.Stdout;
import dev.trafficctl.model.BuildVersion;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {
  private final TestConsole console = TestConsole.frozen();

  @TempDir Path directory;

  @Test
  void tellsTheVersionOfTheBuild() {
    assertThat(console.run("--version")).isZero();
    assertThat(console.out()).isEqualTo("trafficctl " + BuildVersion.current() + "\n");
    assertThat(console.err()).isEqualTo("");
  }

  @Test
  void findsEachCommandByTheNameThatItHas() {
    TrafficCtl.COMMANDS.forEach(
        (name, command) ->
            assertThat(command.getAnnotation(CommandLine.Command.class).name()).isEqualTo(name));
  }

  @Test
  void namesAnUnknownCommandAndExitsWithUsage() {
    assertThat(console.run("submti")).isEqualTo(2);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .startsWith(
            "trafficctl: Unmatched argument at index 0: 'submti'\nDid you mean: trafficctl submit")
        .endsWith("?\ntrafficctl: see trafficctl --help\n")
        .hasLineCount(3);
  }

  @Test
  void namesAMissingCommand() {
    assertThat(console.run("local")).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo(
            """
            trafficctl: Missing required subcommand
            trafficctl: see trafficctl local --help
            """);
  }

  @Test
  void namesAValueThatIsNoNumber() {
    assertThat(console.run("local", "up", "--slots", "two")).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo(
            """
            trafficctl: --slots: 'two' is not a whole number from 1 to 32768
            """);
  }

  @Test
  void refusesAnArgumentWhoseBytesAreNoUtf8() {
    assertThat(console.run("savepoint", "inspect", "/srv/pr\uFFFDfung")).isEqualTo(2);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            """
            trafficctl: '/srv/pr\uFFFDfung' is not UTF-8; write it in UTF-8
            trafficctl: see trafficctl --help
            """);
  }

  @Test
  void escapesWhatATerminalWouldActOnInAnArgument() {
    assertThat(console.run("\u001b[31m\u202e")).isEqualTo(2);
    assertThat(console.err())
        .startsWith("trafficctl: Unmatched argument at index 0: '\\u001B[31m\\u202E'\n");
  }

  @Test
  void refusesTrafficThatMakesNoSense() {
    assertThat(console.run("local", "traffic", "--now", "--count", "1")).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo("trafficctl: --now moves the events of a file; give --file\n");
    assertThat(console.run("local", "traffic", "--rate", "0")).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: --rate: '0' is no number of events a second above 0; give for example"
                + " 500, or 0.5 for one in two seconds\n");
    assertThat(console.run("local", "traffic", "--host", "a.example")).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo("trafficctl: --host is for the lines of an access log; give --file\n");
    for (String option : List.of("--seed", "--bad", "--late")) {
      for (List<String> command : List.of(List.of("demo"), List.of("local", "traffic"))) {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of("--file", "access.log", option, "1"));
        assertThat(console.run(words.toArray(String[]::new))).as("%s", words).isEqualTo(2);
        assertThat(console.err())
            .isEqualTo(
                "trafficctl: " + option + " is for made-up events; leave it out, or --file\n");
      }
    }
    assertThat(console.run("local", "traffic", "--now", "--file", "/dev/null")).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: --now reads the file twice, and a pipe only once; write it to a file\n");
    assertThat(console.run("local", "traffic", "--now", "--file", "-")).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: --now reads the file twice, and a pipe only once; write it to a file\n");
    assertThat(console.run("demo", "--bad", "60", "--late", "50")).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo("trafficctl: --bad and --late are percentages, together at most 100\n");
  }

  @Test
  void statusOfNoStackIsACheckThatDoesNotHold() {
    assertThat(console.run("local", "status", "--directory", directory.toString())).isEqualTo(3);
    assertThat(console.out()).isEqualTo("NAME  STATE  PID  ADDRESS\n");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: there is no local stack; start it with: trafficctl local up --directory "
                + directory
                + "\n");
  }

  @Test
  void aRecommendedCommandMeansTheSameStackWhateverItsDirectoryIsCalled() {
    Path place = directory.resolve("it's a stück");
    String word = "'" + place.toString().replace("'", "'\\''") + "'";
    for (String command : List.of("status", "traffic")) {
      assertThat(console.run("local", command, "--directory", place.toString())).isNotZero();
      assertThat(console.err())
          .isEqualTo(
              "trafficctl: there is no local stack; start it with: trafficctl local up --directory "
                  + word
                  + "\n");
    }
  }

  @Test
  void statusOfNoStackAsJsonAndYaml() {
    String at = directory.toString();
    assertThat(console.run("local", "status", "-o", "json", "--directory", at)).isEqualTo(3);
    assertThat(console.out())
        .isEqualTo(
            """
            {
              "apiVersion" : "trafficctl/v1",
              "parts" : [ ],
              "addresses" : null
            }
            """);
    assertThat(console.run("local", "status", "-o", "yaml", "--directory", at)).isEqualTo(3);
    assertThat(console.out())
        .isEqualTo(
            """
            apiVersion: trafficctl/v1
            parts: []
            addresses: null
            """);
  }

  @Test
  void trafficNeedsAStack() {
    assertThat(console.run("local", "traffic", "--directory", directory.toString())).isEqualTo(5);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: there is no local stack; start it with: trafficctl local up --directory "
                + directory
                + "\n");
  }

  @TestFactory
  List<DynamicTest> everyCommandHasHelpWithAnExampleAndExitCodes() {
    Environment environment =
        new Environment(
            new BufferedReader(Reader.nullReader()),
            new Stdout(Writer.nullWriter()),
            new PrintWriter(Writer.nullWriter()),
            false,
            false,
            false,
            Map.of(),
            Clock.systemUTC(),
            time -> {},
            Installation.checkout(directory),
            new ShellCommands());
    List<DynamicTest> tests = new ArrayList<>();
    collect(TrafficCtl.commandLine(environment), tests);
    return tests;
  }

  private static void collect(CommandLine command, List<DynamicTest> tests) {
    String name = command.getCommandSpec().qualifiedName(" ");
    String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
    tests.add(
        DynamicTest.dynamicTest(
            name,
            () -> {
              assertThat(help)
                  .contains("--help", "Exit codes:", "5   Flink, Kafka or Postgres cannot");
              if (command.getSubcommands().isEmpty()) {
                assertThat(help).containsPattern("Examples?:\n  " + name);
              }
            }));
    command.getSubcommands().values().forEach(subcommand -> collect(subcommand, tests));
  }
}
