package dev.trafficctl.cli.command.context;

import dev.trafficctl.cli.command.option.ContextsOption;
import dev.trafficctl.cli.context.Configuration;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code trafficctl context use}. */
@Command(
    name = "use",
    description = "Makes a context the current one: the one that commands use when none is given.",
    footer = {"%nExample:", "  trafficctl context use production"})
public final class ContextUseCommand implements Runnable {
  private final Environment environment;
  @Mixin ContextsOption contexts;

  @Parameters(
      paramLabel = "CONTEXT",
      description = "The context's name; local for the local stack.")
  String name;

  ContextUseCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    contexts.file().update(this::use);
    environment.err().println("the current context is now " + Text.safe(name));
    String chosen = contexts.chosen();
    if (!name.equals(chosen)) {
      environment
          .err()
          .println(
              "trafficctl: but the environment overrides it here, with "
                  + (chosen == null ? "FLINK_URL" : "TRAFFICCTL_CONTEXT=" + Text.safe(chosen)));
    }
  }

  private Configuration use(Configuration configuration) {
    if (!name.equals(Configuration.LOCAL) && !configuration.contexts().containsKey(name)) {
      throw ContextsOption.unknown(name, configuration);
    }
    return configuration.withCurrent(name);
  }
}
