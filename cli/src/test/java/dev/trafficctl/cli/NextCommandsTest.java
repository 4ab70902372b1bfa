package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.cli.process.NextRestart;
import dev.trafficctl.model.StartingPosition;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine.ParseResult;

/** Every command that is recommended is one, also after a shell has read it. */
class NextCommandsTest {
  private static final List<String> NAMES = List.of("traffic", "it's $HOME; \"a\" *", "-x", "é ü");

  private static final List<NextRestart.Start> STARTS =
      List.of(
          new NextRestart.WhereItStands(),
          new NextRestart.Savepoint(null),
          new NextRestart.Savepoint("file:/a b/savepoint-0a1b2c-1"),
          new NextRestart.Checkpoint("s3://b/0123/chk-17"),
          new NextRestart.Position(StartingPosition.parse("earliest")),
          new NextRestart.Position(StartingPosition.parse("latest")),
          new NextRestart.Position(StartingPosition.parse("timestamp:2026-01-31T12:00:00Z")),
          new NextRestart.Position(StartingPosition.parse("offsets:0=12,1=7")));

  private final Environment environment = TestConsole.frozen().environment();

  @TestFactory
  List<DynamicTest> isOneThatTheCommandLineTakes() {
    List<DynamicTest> tests = new ArrayList<>();
    Arrays.stream(NextCommands.class.getDeclaredMethods())
        .filter(method -> !method.getName().equals("on") && !method.isSynthetic())
        .sorted(Comparator.comparing(Method::toString))
        .forEach(
            method ->
                tests.add(DynamicTest.dynamicTest(method.toString(), () -> assertIsTaken(method))));
    assertThat(tests).hasSizeGreaterThan(30);
    return tests;
  }

  private void assertIsTaken(Method method) throws Exception {
    for (List<Object> arguments : arguments(method)) {
      for (List<String> flags : List.of(List.<String>of(), List.of("--directory", "/a b/stack"))) {
        NextCommands next = new ShellCommands().on(flags);
        String text = (String) method.invoke(next, arguments.toArray());
        assertThat(text).startsWith("trafficctl ").doesNotContain("\n");
        List<String> words = words(text);
        assertThat(words)
            .as(text)
            .containsAll(
                arguments.stream()
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .toList());
        ParseResult parsed =
            TrafficCtl.commandLine(environment, words.toArray(String[]::new))
                .parseArgs(words.toArray(String[]::new));
        assertThat(given(last(parsed))).as(text).containsAll(parameters(method, arguments));
      }
    }
  }

  /** What has to be in a parameter, and not in an option. */
  private static List<String> parameters(Method method, List<Object> arguments) {
    List<String> parameters = new ArrayList<>();
    for (Object argument : arguments) {
      if (argument instanceof String text && !isVerb(method, arguments, argument)) {
        parameters.add(text);
      }
      if (argument instanceof NextRestart restart) {
        parameters.add(restart.job());
        parameters.addAll(restart.settings());
      }
    }
    return parameters;
  }

  private static boolean isVerb(Method method, List<Object> arguments, Object argument) {
    return method.getName().equals("again") && argument == arguments.get(0);
  }

  private static List<String> given(ParseResult parsed) {
    return parsed.matchedPositionals().stream()
        .flatMap(parameter -> parameter.originalStringValues().stream())
        .toList();
  }

  private static ParseResult last(ParseResult parsed) {
    return parsed.hasSubcommand() ? last(parsed.subcommand()) : parsed;
  }

  /** Arguments for all parameters, each with all that are worth a try. */
  private static List<List<Object>> arguments(Method method) {
    List<List<Object>> all = List.of(List.of());
    for (int i = 0; i < method.getParameterCount(); i++) {
      List<List<Object>> more = new ArrayList<>();
      for (List<Object> before : all) {
        for (Object argument : typical(method, i)) {
          List<Object> longer = new ArrayList<>(before);
          longer.add(argument);
          more.add(longer);
        }
      }
      all = more;
    }
    return all;
  }

  private static List<?> typical(Method method, int parameter) {
    if (method.getName().equals("again") && parameter == 0) {
      return List.of("savepoint", "checkpoint", "stop");
    }
    if (method.getName().equals("localLogs")) {
      return List.of("jobmanager", "taskmanager-1");
    }
    Class<?> type = method.getParameterTypes()[parameter];
    if (type == boolean.class) {
      return List.of(true, false);
    }
    if (type == NextRestart.Start.class) {
      return STARTS;
    }
    return type == NextRestart.class ? restarts() : NAMES;
  }

  private static List<NextRestart> restarts() {
    Map<String, String> changes = new TreeMap<>(Map.of("batch-rows", "500", "max-ahead", "5 m"));
    List<NextRestart> restarts = new ArrayList<>();
    for (String name : NAMES) {
      for (NextRestart.Start start : STARTS) {
        restarts.add(NextRestart.of(name, start));
      }
      for (List<String> settings : List.of(List.<String>of(), List.of("--kafka-url", "k:9092"))) {
        restarts.add(
            new NextRestart(
                name, STARTS.get(1), 4, changes, "/opt/my jobs/a.jar", true, true, true, settings));
      }
    }
    return restarts;
  }

  /** The arguments that a shell makes of a command. */
  private static List<String> words(String command) throws IOException {
    Process shell =
        new ProcessBuilder(
                "sh",
                "-c",
                "trafficctl() { for word; do printf '%s\\000' \"$word\"; done; }\n" + command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    shell.getOutputStream().close();
    String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return Arrays.asList(printed.split("\0"));
  }
}
