package dev.trafficctl.cli;

import dev.trafficctl.cli.command.completion.CandidatesCommand;
import dev.trafficctl.cli.command.completion.CompletionCommand;
import dev.trafficctl.cli.command.context.ContextCommand;
import dev.trafficctl.cli.command.lag.LagCommand;
import dev.trafficctl.cli.command.local.DemoCommand;
import dev.trafficctl.cli.command.local.LocalCommand;
import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.command.observe.BackpressureCommand;
import dev.trafficctl.cli.command.observe.ExceptionsCommand;
import dev.trafficctl.cli.command.observe.JobsCommand;
import dev.trafficctl.cli.command.observe.LogsCommand;
import dev.trafficctl.cli.command.observe.StatusCommand;
import dev.trafficctl.cli.command.offsets.OffsetsCommand;
import dev.trafficctl.cli.command.operations.OperationsCommand;
import dev.trafficctl.cli.command.option.PathConverter;
import dev.trafficctl.cli.command.rejected.RejectedCommand;
import dev.trafficctl.cli.command.rescale.RescaleCommand;
import dev.trafficctl.cli.command.restart.RestartCommand;
import dev.trafficctl.cli.command.savepoint.CheckpointCommand;
import dev.trafficctl.cli.command.savepoint.CheckpointsCommand;
import dev.trafficctl.cli.command.savepoint.SavepointCommand;
import dev.trafficctl.cli.command.schema.SchemaCommand;
import dev.trafficctl.cli.command.start.SubmitCommand;
import dev.trafficctl.cli.command.stop.CancelCommand;
import dev.trafficctl.cli.command.stop.StopCommand;
import dev.trafficctl.cli.command.verify.VerifyCommand;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.Installation;
import dev.trafficctl.cli.process.Sleeper;
import dev.trafficctl.cli.process.Stdout;
import dev.trafficctl.model.BuildVersion;
import dev.trafficctl.model.SecretArguments;
import dev.trafficctl.model.Settings;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The entry point. */
@Command(
    name = "trafficctl",
    description = "Operates a stream of web-traffic events: Kafka, a Flink job, Postgres.",
    versionProvider = TrafficCtl.Version.class,
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true)
public final class TrafficCtl {
  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error.")
  boolean debug;

  /**
   * The commands by the names in their annotations, which Java takes long to read: so they are read
   * of the one that is wanted alone.
   */
  static final SortedMap<String, Class<?>> COMMANDS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("__complete", CandidatesCommand.class),
              Map.entry("backpressure", BackpressureCommand.class),
              Map.entry("cancel", CancelCommand.class),
              Map.entry("checkpoint", CheckpointCommand.class),
              Map.entry("checkpoints", CheckpointsCommand.class),
              Map.entry("completion", CompletionCommand.class),
              Map.entry("context", ContextCommand.class),
              Map.entry("demo", DemoCommand.class),
              Map.entry("exceptions", ExceptionsCommand.class),
              Map.entry("jobs", JobsCommand.class),
              Map.entry("lag", LagCommand.class),
              Map.entry("local", LocalCommand.class),
              Map.entry("logs", LogsCommand.class),
              Map.entry("offsets", OffsetsCommand.class),
              Map.entry("operations", OperationsCommand.class),
              Map.entry("rejected", RejectedCommand.class),
              Map.entry("rescale", RescaleCommand.class),
              Map.entry("restart", RestartCommand.class),
              Map.entry("savepoint", SavepointCommand.class),
              Map.entry("schema", SchemaCommand.class),
              Map.entry("status", StatusCommand.class),
              Map.entry("stop", StopCommand.class),
              Map.entry("submit", SubmitCommand.class),
              Map.entry("verify", VerifyCommand.class)));

  private static final char UNDECODABLE = '\uFFFD';

  private TrafficCtl() {}

  /** Runs one command and exits. */
  public static void main(String[] args) {
    wanted(args).ifPresent(Preload::begin);
    boolean terminal = Boolean.getBoolean("trafficctl.terminal");
    Environment environment =
        new Environment(
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
            // System.out would keep to itself what cannot be written, and why.
            new Stdout(
                new BufferedWriter(
                    new OutputStreamWriter(
                        new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8))),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            terminal,
            Boolean.getBoolean("trafficctl.terminal.out"),
            terminal && Boolean.getBoolean("trafficctl.terminal.in"),
            System.getenv(),
            Clock.systemUTC(),
            Sleeper.real(),
            Installation.ofSystemProperties(),
            new ShellCommands());
    int exitCode = run(environment, args);
    environment.err().flush();
    System.exit(exitCode);
  }

  /** Runs one command, and answers with what the process exits with. */
  static int run(Environment environment, String... arguments) {
    int exitCode = execute(environment, arguments);
    return environment.out().ended(exitCode, environment.err());
  }

  /**
   * Refuses an argument with the character that Java puts where bytes are no UTF-8, since it would
   * name another file or job than the one that is meant, and one that holds a secret.
   */
  private static int execute(Environment environment, String... arguments) {
    CommandLine commandLine = commandLine(environment, arguments);
    Errors errors = (Errors) commandLine.getExecutionExceptionHandler();
    for (String argument : arguments) {
      if (argument.indexOf(UNDECODABLE) >= 0) {
        return errors.handleParseException(
            new ParameterException(
                commandLine, "'" + argument + "' is not UTF-8; write it in UTF-8"),
            arguments);
      }
    }
    // Before anything of them is written, sent or repeated.
    Optional<String> secret = SecretArguments.problem(List.of(arguments));
    if (secret.isPresent()) {
      return errors.handleExecutionException(
          new CommandException(ExitCode.USAGE, secret.get()), commandLine, null);
    }
    try {
      return commandLine.execute(arguments);
    } catch (Error e) {
      // picocli hands on exceptions alone.
      return errors.handle(e, commandLine.getErr());
    }
  }

  /** The whole command line in an environment; {@code execute} answers with the exit code. */
  public static CommandLine commandLine(Environment environment) {
    return commandLine(environment, new String[0]);
  }

  /**
   * The command line that arguments need. When the first of them names a command, the others are
   * left out: to set up all of them takes longer than most commands themselves.
   */
  static CommandLine commandLine(Environment environment, String[] arguments) {
    TrafficCtl root = new TrafficCtl();
    CommandLine commandLine = new CommandLine(root, new CommandFactory(environment));
    addCommands(commandLine, arguments);
    Errors errors = new Errors(() -> root.debug, environment.out());
    addExitCodes(commandLine);
    addJobSettings(commandLine.getSubcommands().get("submit"));
    return commandLine
        .setOut(environment.out())
        .setErr(environment.err())
        // A file of arguments could hold what an argument may not.
        .setExpandAtFiles(false)
        .registerConverter(Path.class, new PathConverter())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors)
        .setExitCodeExceptionMapper(Errors::exitCode);
  }

  private static void addCommands(CommandLine root, String[] arguments) {
    Class<?> wanted = wanted(arguments).orElse(null);
    boolean needsAll = wanted == null || wanted == CompletionCommand.class;
    for (Class<?> command : needsAll ? COMMANDS.values() : List.of(wanted)) {
      root.addSubcommand(new CommandLine(command, root.getFactory()));
    }
  }

  /** The command that the first argument names, if it does. */
  private static Optional<Class<?>> wanted(String[] arguments) {
    return arguments.length == 0
        ? Optional.empty()
        : Optional.ofNullable(COMMANDS.get(arguments[0]));
  }

  private static void addExitCodes(CommandLine commandLine) {
    Map<String, String> codes = new LinkedHashMap<>();
    for (ExitCode code : ExitCode.values()) {
      codes.put(Integer.toString(code.number()), code.meaning());
    }
    commandLine
        .getCommandSpec()
        .usageMessage()
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(codes);
    commandLine.getSubcommands().values().forEach(TrafficCtl::addExitCodes);
  }

  private static void addJobSettings(CommandLine submit) {
    if (submit == null) {
      return;
    }
    List<String> sections = new ArrayList<>(submit.getHelpSectionKeys());
    sections.add("jobSettings");
    submit.setHelpSectionKeys(sections);
    submit.getHelpSectionMap().put("jobSettings", help -> "\n" + Settings.help());
  }

  /** Tells the version of the build. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"trafficctl " + BuildVersion.current()};
    }
  }
}
