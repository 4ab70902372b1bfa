package dev.trafficctl.cli.command.local;

import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.command.option.StackOption;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.local.StackStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code trafficctl local status}. */
@Command(
    name = "status",
    description = "Shows what of the local stack runs; exits 0 if all of it does, 3 otherwise.",
    footer = {"%nExample:", "  trafficctl local status -o json"})
public final class LocalStatusCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin StackOption stack;
  @Mixin FormatOption output;

  LocalStatusCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    StackStatus status = stack.stack().status();
    StackView.print(status, output.format(), environment.out());
    if (status.allRunning()) {
      return ExitCode.DONE.number();
    }
    environment
        .err()
        .println(
            (status.parts().isEmpty()
                    ? "trafficctl: there is no local stack; start it with: trafficctl local up"
                    : "trafficctl: not all of it runs; bring it back with: trafficctl local up")
                + stack.suffix());
    return ExitCode.CHECK_FAILED.number();
  }
}
