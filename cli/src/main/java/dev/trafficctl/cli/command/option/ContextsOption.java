package dev.trafficctl.cli.command.option;

import dev.trafficctl.cli.context.ClusterChoice;
import dev.trafficctl.cli.context.Configuration;
import dev.trafficctl.cli.context.ConfigurationFile;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.local.StackStatus;
import picocli.CommandLine.Mixin;

/** What the commands on contexts have in common: the file, and which local stack is meant. */
public final class ContextsOption {
  private final Environment environment;
  @Mixin StackOption stack;

  ContextsOption(Environment environment) {
    this.environment = environment;
  }

  /** The file that holds the contexts. */
  public ConfigurationFile file() {
    return ConfigurationFile.in(environment.variables(), environment.next());
  }

  /** The addresses of the local stack, or null when none was made. */
  public StackStatus.Addresses local() {
    return stack.stack().addresses().orElse(null);
  }

  /**
   * The addresses of the local stack.
   *
   * @throws CommandException when none was made
   */
  public StackStatus.Addresses addresses() {
    return stack.addresses();
  }

  /** The name of the context that commands use now, or null. */
  public String chosen() {
    return new ClusterChoice(environment.variables(), file(), this::local, environment.next())
        .chosen();
  }

  /** What is said of a context that is not there. */
  public static CommandException unknown(String name, Configuration configuration) {
    return new CommandException(
        ExitCode.USAGE, "there is no context " + name + "; known are: " + configuration.known());
  }
}
