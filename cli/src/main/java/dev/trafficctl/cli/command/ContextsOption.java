package dev.trafficctl.cli.command;

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

  ConfigurationFile file() {
    return ConfigurationFile.in(environment.variables());
  }

  /** The addresses of the local stack, or null when none was made. */
  StackStatus.Addresses local() {
    return stack.stack().addresses().orElse(null);
  }

  /** The name of the context that commands use now, or null. */
  String chosen() {
    return new ClusterChoice(environment.variables(), file(), this::local).chosen();
  }

  static CommandException unknown(String name, Configuration configuration) {
    return new CommandException(
        ExitCode.USAGE, "there is no context " + name + "; known are: " + configuration.known());
  }
}
