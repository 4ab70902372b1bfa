package dev.trafficctl.cli.command.context;

import dev.trafficctl.cli.command.option.ContextsOption;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.context.Configuration;
import dev.trafficctl.cli.context.Context;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.local.StackStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code trafficctl context show}. */
@Command(
    name = "show",
    description = "Shows a context as it is kept; where secrets come from, never the secrets.",
    footer = {"%nExample:", "  trafficctl context show production -o yaml"})
public final class ContextShowCommand implements Runnable {
  private final Environment environment;
  @Mixin ContextsOption contexts;
  @Mixin FormatOption output;

  @Parameters(
      arity = "0..1",
      paramLabel = "CONTEXT",
      description = "The context's name; without it, the one that commands use now.")
  String name;

  ContextShowCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    String chosen = contexts.chosen();
    String wanted = name == null ? chosen : name;
    if (wanted == null) {
      throw new CommandException(
          ExitCode.USAGE,
          "there is no current context; give a name, or choose one with: trafficctl context use"
              + " NAME");
    }
    view(wanted, wanted.equals(chosen)).print(output.format(), environment.out());
  }

  private ContextView view(String wanted, boolean current) {
    if (wanted.equals(Configuration.LOCAL)) {
      StackStatus.Addresses local = contexts.addresses();
      return ContextView.ofLocal(local, current);
    }
    Configuration configuration = contexts.file().read();
    Context context = configuration.contexts().get(wanted);
    if (context == null) {
      throw ContextsOption.unknown(wanted, configuration);
    }
    return ContextView.of(wanted, context, current);
  }
}
