package dev.trafficctl.cli.command.local;

import dev.trafficctl.cli.command.option.StackOption;
import dev.trafficctl.cli.output.Progress;
import dev.trafficctl.cli.process.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl local down}. */
@Command(
    name = "down",
    description = "Stops every part of the local stack; its data stays unless --wipe is given.",
    footer = {"%nExample:", "  trafficctl local down --wipe"})
public final class LocalDownCommand implements Runnable {
  private final Environment environment;
  @Mixin StackOption stack;

  @Option(names = "--wipe", description = "Delete data, logs and configuration as well.")
  boolean wipe;

  LocalDownCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    Progress progress = new Progress(environment.err(), environment.terminal());
    stack.stack().down(wipe, progress::step);
  }
}
