package dev.trafficctl.cli;

import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.Installation;
import dev.trafficctl.cli.process.Sleeper;
import dev.trafficctl.cli.process.Stdout;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** The command line with two writers that can be read afterwards. */
public final class TestConsole {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> variables = new HashMap<>();
  private final Clock clock;
  private final Sleeper sleeper;
  private Writer stdout = out;
  private boolean mixed;
  private Path installation = Path.of("..").toAbsolutePath().normalize();
  private Environment environment;

  private TestConsole(Clock clock, Sleeper sleeper) {
    this.clock = clock;
    this.sleeper = sleeper;
    // What the developer has configured must not change a test.
    variables.put("XDG_CONFIG_HOME", Path.of("target", "no-config").toAbsolutePath().toString());
    variables.put("XDG_STATE_HOME", Path.of("target", "no-state").toAbsolutePath().toString());
    environment = environment(Reader.nullReader(), false);
  }

  private Environment environment(Reader in, boolean interactive) {
    return new Environment(
        new BufferedReader(in),
        new Stdout(stdout),
        new PrintWriter(mixed ? out : err, true),
        interactive,
        interactive,
        interactive,
        variables,
        clock,
        sleeper,
        Installation.checkout(installation),
        new ShellCommands());
  }

  /** With a clock that stands still and a sleeper that must not be needed. */
  public static TestConsole frozen() {
    return new TestConsole(
        Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC),
        time -> {
          throw new AssertionError("nothing here waits");
        });
  }

  /** With a clock that jumps ahead when something waits. */
  public static TestConsole jumping() {
    return jumping(time -> {});
  }

  /** With a clock that jumps ahead when something waits, after a test has done what it likes. */
  public static TestConsole jumping(Sleeper meanwhile) {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-31T12:00:00Z"));
    InstantSource source = now::get;
    return new TestConsole(
        source.withZone(ZoneOffset.UTC),
        time -> {
          meanwhile.sleep(time);
          now.updateAndGet(instant -> instant.plus(time));
        });
  }

  /** With the real time. */
  public static TestConsole real() {
    return new TestConsole(Clock.systemUTC(), time -> Thread.sleep(time.toMillis()));
  }

  /** Sets an environment variable for the commands to come; null takes it out. */
  public TestConsole with(String variable, String value) {
    if (value == null) {
      variables.remove(variable);
    } else {
      variables.put(variable, value);
    }
    return this;
  }

  /** Lets the commands to come take their own files from another checkout. */
  public TestConsole installedIn(Path checkout) {
    installation = checkout;
    environment = environment(Reader.nullReader(), false);
    return this;
  }

  /** Lets the commands to come print their data to somewhere else than {@link #out()}. */
  public TestConsole printingTo(Writer elsewhere) {
    stdout = elsewhere;
    environment = environment(Reader.nullReader(), false);
    return this;
  }

  /** Lets the commands to come run on a terminal, at which somebody types this. */
  public TestConsole typing(String input) {
    environment = environment(new StringReader(input), true);
    return this;
  }

  /** Lets the commands to come print words and data as one, as a terminal shows them. */
  public TestConsole mixed() {
    mixed = true;
    environment = environment(Reader.nullReader(), false);
    return this;
  }

  /** What the commands get, for the parts of them that a test makes itself. */
  public Environment environment() {
    return environment;
  }

  /** Runs one command and returns its exit code. */
  public int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    int exitCode = TrafficCtl.run(environment, arguments);
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
