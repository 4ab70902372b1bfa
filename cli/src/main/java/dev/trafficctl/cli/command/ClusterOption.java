package dev.trafficctl.cli.command;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.Environment;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.context.ClusterChoice;
import dev.trafficctl.cli.context.Configuration;
import dev.trafficctl.cli.context.ConfigurationFile;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which cluster is meant. */
public final class ClusterOption {
  private final Environment environment;
  @Mixin StackOption stack;

  @Option(
      names = "--flink",
      paramLabel = "URL",
      description = "The address of Flink's REST API; default: FLINK_URL, or that of the context.")
  String flink;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description =
          "The named cluster; default: TRAFFICCTL_CONTEXT, or the current context, or the local"
              + " stack. See: trafficctl context --help.")
  String context;

  ClusterOption(Environment environment) {
    this.environment = environment;
  }

  /**
   * The cluster that flags, environment and contexts say together; nothing is asked of it yet.
   *
   * @throws CommandException when they say none, or what they say cannot be used
   */
  Cluster cluster() {
    boolean ofStack = stack.directory != null;
    if (ofStack && context != null && !context.equals(Configuration.LOCAL)) {
      throw new CommandException(
          ExitCode.USAGE,
          "--directory means a local stack, and --context " + context + " does not; give one");
    }
    // Who names a stack means that stack; an address still wins over it.
    boolean local = ofStack && flink == null;
    return choice().choose(flink, local ? Configuration.LOCAL : context);
  }

  private ClusterChoice choice() {
    return new ClusterChoice(
        environment.variables(),
        ConfigurationFile.in(environment.variables()),
        () -> stack.stack().status().addresses());
  }
}
