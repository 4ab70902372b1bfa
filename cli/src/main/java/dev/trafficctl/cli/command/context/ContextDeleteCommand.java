package dev.trafficctl.cli.command.context;

import dev.trafficctl.cli.command.option.ContextsOption;
import dev.trafficctl.cli.context.Configuration;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code trafficctl context delete}. */
@Command(
    name = "delete",
    description = "Deletes a context; files with secrets and certificates stay.",
    footer = {"%nExample:", "  trafficctl context delete staging"})
public final class ContextDeleteCommand implements Runnable {
  private final Environment environment;
  @Mixin ContextsOption contexts;

  @Parameters(paramLabel = "CONTEXT", description = "The context's name.")
  String name;

  private boolean wasCurrent;

  ContextDeleteCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    if (name.equals(Configuration.LOCAL)) {
      throw new CommandException(
          ExitCode.USAGE,
          "the context local is built in and goes with the local stack: trafficctl local down"
              + " --wipe");
    }
    contexts.file().update(this::delete);
    environment.err().println("deleted the context " + Text.safe(name));
    if (wasCurrent) {
      environment
          .err()
          .println(
              "trafficctl: it was the current context; choose another with: trafficctl context use"
                  + " NAME");
    }
  }

  private Configuration delete(Configuration configuration) {
    if (!configuration.contexts().containsKey(name)) {
      throw ContextsOption.unknown(name, configuration);
    }
    wasCurrent = name.equals(configuration.current());
    return configuration.without(name);
  }
}
