package dev.trafficctl.cli;

import dev.trafficctl.cli.command.BackpressureCommand;
import dev.trafficctl.cli.command.CancelCommand;
import dev.trafficctl.cli.command.CandidatesCommand;
import dev.trafficctl.cli.command.CheckpointCommand;
import dev.trafficctl.cli.command.CheckpointsCommand;
import dev.trafficctl.cli.command.CompletionCommand;
import dev.trafficctl.cli.command.ContextCommand;
import dev.trafficctl.cli.command.DemoCommand;
import dev.trafficctl.cli.command.ExceptionsCommand;
import dev.trafficctl.cli.command.JobsCommand;
import dev.trafficctl.cli.command.LagCommand;
import dev.trafficctl.cli.command.LocalCommand;
import dev.trafficctl.cli.command.LogsCommand;
import dev.trafficctl.cli.command.OffsetsCommand;
import dev.trafficctl.cli.command.OperationsCommand;
import dev.trafficctl.cli.command.RescaleCommand;
import dev.trafficctl.cli.command.RestartCommand;
import dev.trafficctl.cli.command.SavepointCommand;
import dev.trafficctl.cli.command.StatusCommand;
import dev.trafficctl.cli.command.StopCommand;
import dev.trafficctl.cli.command.SubmitCommand;
import dev.trafficctl.cli.command.VerifyCommand;
import dev.trafficctl.model.BuildVersion;
import dev.trafficctl.model.Settings;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
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

  /** The commands; each is named as its annotation says. */
  private static final List<Class<?>> COMMANDS =
      List.of(
          BackpressureCommand.class,
          CancelCommand.class,
          CandidatesCommand.class,
          CheckpointCommand.class,
          CheckpointsCommand.class,
          CompletionCommand.class,
          ContextCommand.class,
          DemoCommand.class,
          ExceptionsCommand.class,
          JobsCommand.class,
          LagCommand.class,
          LocalCommand.class,
          LogsCommand.class,
          OffsetsCommand.class,
          OperationsCommand.class,
          RescaleCommand.class,
          RestartCommand.class,
          SavepointCommand.class,
          StatusCommand.class,
          StopCommand.class,
          SubmitCommand.class,
          VerifyCommand.class);

  private TrafficCtl() {}

  /** Runs one command and exits. */
  public static void main(String[] args) {
    wanted(args).forEach(Preload::begin);
    boolean terminal = Boolean.getBoolean("trafficctl.terminal");
    Environment environment =
        new Environment(
            new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())),
            new PrintWriter(System.out, false, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            terminal,
            Boolean.getBoolean("trafficctl.terminal.out"),
            terminal && Boolean.getBoolean("trafficctl.terminal.in"),
            System.getenv(),
            Clock.systemUTC(),
            time -> Thread.sleep(time.toMillis()),
            Installation.ofSystemProperties());
    int exitCode = commandLine(environment, args).execute(args);
    environment.out().flush();
    environment.err().flush();
    System.exit(exitCode);
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
    Errors errors = new Errors(() -> root.debug);
    addExitCodes(commandLine);
    addJobSettings(commandLine.getSubcommands().get("submit"));
    return commandLine
        .setOut(environment.out())
        .setErr(environment.err())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors)
        .setExitCodeExceptionMapper(Errors::exitCode);
  }

  private static void addCommands(CommandLine root, String[] arguments) {
    List<Class<?>> wanted = wanted(arguments);
    boolean needsAll = wanted.isEmpty() || wanted.contains(CompletionCommand.class);
    for (Class<?> command : needsAll ? COMMANDS : wanted) {
      root.addSubcommand(new CommandLine(command, root.getFactory()));
    }
  }

  /** The command that the first argument names, if it does. */
  private static List<Class<?>> wanted(String[] arguments) {
    return COMMANDS.stream()
        .filter(command -> arguments.length > 0 && name(command).equals(arguments[0]))
        .toList();
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
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
