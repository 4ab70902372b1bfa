package dev.trafficctl.cli.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.TrafficCtl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A machine from which somebody runs commands, each in a process of its own: a home for the
 * journal.
 */
final class Machine {
  /** Longer than any command may take. */
  private static final Duration TOO_LONG = Duration.ofMinutes(4);

  private final Path home;
  private final String stack;
  private int commands;

  /**
   * A machine.
   *
   * @param home an empty directory
   * @param stack the directory of the local stack that all commands mean
   */
  Machine(Path home, String stack) {
    this.home = home;
    this.stack = stack;
  }

  Path home() {
    return home;
  }

  /** Starts a command as some user. */
  Command start(String user, String... arguments) {
    return start(TrafficCtl.class, user, arguments);
  }

  /** Starts a command that waits until it is let go. */
  Command startAtTheGate(String user, String... arguments) {
    return start(AtTheGate.class, user, arguments);
  }

  private Command start(Class<?> main, String user, String... arguments) {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Duser.name=" + user,
                "-Dtrafficctl.checkout=" + Path.of("..").toAbsolutePath().normalize(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    line.addAll(Arrays.asList(arguments));
    line.addAll(List.of("--directory", stack));
    commands++;
    Path out = home.resolve("stdout-" + commands);
    Path err = home.resolve("stderr-" + commands);
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().keySet().removeIf(Machine::changesCommands);
    builder.environment().put("XDG_STATE_HOME", home.toString());
    builder.environment().put("XDG_CONFIG_HOME", home.resolve("config").toString());
    try {
      return new Command(builder.start(), out, err, System.nanoTime());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean changesCommands(String variable) {
    return variable.startsWith("TRAFFICCTL_")
        || variable.startsWith("KAFKA_")
        || variable.startsWith("POSTGRES_")
        || variable.equals("FLINK_URL")
        || variable.equals("JAVA_TOOL_OPTIONS");
  }

  /** The operations in the journal, by id; read as the plain files that they are. */
  List<JournalEntry> journal() {
    Path operations = home.resolve("trafficctl/operations");
    if (!Files.isDirectory(operations)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(operations)) {
      List<JournalEntry> entries = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        JournalEntry.read(file).ifPresent(entries::add);
      }
      return entries;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The operations in the journal whose ids were not known before. */
  List<JournalEntry> added(Set<String> known) {
    return journal().stream().filter(entry -> !known.contains(entry.id())).toList();
  }

  /** A command that runs, or has run. */
  static final class Command {
    private final Process process;
    private final Path out;
    private final Path err;
    private long began;

    private Command(Process process, Path out, Path err, long began) {
      this.process = process;
      this.out = out;
      this.err = err;
      this.began = began;
    }

    long pid() {
      return process.pid();
    }

    boolean isAlive() {
      return process.isAlive();
    }

    /** Waits until a command at the gate is ready. */
    void awaitReady() throws InterruptedException {
      while (!read(out).startsWith(AtTheGate.READY)) {
        if (!process.isAlive()) {
          throw new AssertionError("it does not come up: " + read(err));
        }
        Thread.sleep(5);
      }
    }

    /** Opens the gate. */
    void letGo() {
      began = System.nanoTime();
      try {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
      } catch (IOException e) {
        throw new AssertionError("it does not wait at the gate: " + read(err), e);
      }
    }

    /** Ends it as {@code kill -9} does, unless it has ended. */
    void kill() {
      process.destroyForcibly();
    }

    /** Waits until it has ended. */
    Said await() throws InterruptedException {
      if (!process.waitFor(TOO_LONG.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("a command did not end: " + read(out) + read(err));
      }
      String said = read(out);
      String ready = AtTheGate.READY + System.lineSeparator();
      return new Said(
          process.exitValue(),
          said.startsWith(ready) ? said.substring(ready.length()) : said,
          read(err),
          Duration.ofNanos(System.nanoTime() - began));
    }

    private static String read(Path file) {
      try {
        return Files.readString(file, StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  /**
   * An operation as the journal's file has it.
   *
   * @param id its id
   * @param verb such as {@code stop}
   * @param jobId the job, or null
   * @param by as {@code user@host}
   * @param asked when it was asked for
   * @param steps the names of its steps
   * @param outcome how it ended, or null while it is open
   * @param ended when, or null
   * @param path the path that it ended with, or null
   * @param message what was said at its end, or null
   */
  record JournalEntry(
      String id,
      String verb,
      String jobId,
      String by,
      Instant asked,
      List<String> steps,
      String outcome,
      Instant ended,
      String path,
      String message) {
    /** An entry, or nothing while not one line of it is complete. */
    static Optional<JournalEntry> read(Path file) throws IOException {
      String text = Files.readString(file);
      List<JsonNode> lines = new ArrayList<>();
      for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
        lines.add(new JsonMapper().readTree(line));
      }
      if (lines.isEmpty()) {
        return Optional.empty();
      }
      JsonNode first = lines.get(0);
      JsonNode last = lines.get(lines.size() - 1);
      boolean over = last.path("record").asText().equals("ended");
      return Optional.of(
          new JournalEntry(
              first.path("id").asText(),
              first.path("verb").asText(),
              first.path("jobId").textValue(),
              first.path("by").asText(),
              Instant.parse(first.path("at").asText()),
              lines.stream()
                  .filter(line -> line.path("record").asText().equals("step"))
                  .map(line -> line.path("name").asText())
                  .toList(),
              over ? last.path("outcome").asText() : null,
              over ? Instant.parse(last.path("at").asText()) : null,
              over ? last.path("path").textValue() : null,
              over ? last.path("message").textValue() : null));
    }
  }
}
