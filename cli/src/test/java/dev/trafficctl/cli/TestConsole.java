package dev.trafficctl.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

/** The command line with two writers that can be read afterwards. */
public final class TestConsole {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Environment environment;

  private TestConsole(Clock clock, Sleeper sleeper) {
    environment =
        new Environment(
            new PrintWriter(out),
            new PrintWriter(err, true),
            false,
            Map.of(),
            clock,
            sleeper,
            Path.of("..").toAbsolutePath().normalize());
  }

  /** With a clock that stands still and a sleeper that must not be needed. */
  public static TestConsole frozen() {
    return new TestConsole(
        Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC),
        time -> {
          throw new AssertionError("nothing here waits");
        });
  }

  /** With the real time. */
  public static TestConsole real() {
    return new TestConsole(Clock.systemUTC(), time -> Thread.sleep(time.toMillis()));
  }

  /** Runs one command and returns its exit code. */
  public int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    int exitCode = TrafficCtl.commandLine(environment).execute(arguments);
    environment.out().flush();
    environment.err().flush();
    return exitCode;
  }

  /** What the last command printed on stdout. */
  public String out() {
    return out.toString();
  }

  /** What the last command printed on stderr. */
  public String err() {
    return err.toString();
  }
}
