package dev.trafficctl.cli.command.option;

import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.Changed;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.local.Distribution;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.StackStatus;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The option that says which local stack is meant. */
public final class StackOption {
  private final Environment environment;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description =
          "The local stack that has its state and logs in this directory; default: .local in the"
              + " checkout.")
  Path directory;

  StackOption(Environment environment) {
    this.environment = environment;
  }

  /** The option as it was given, to be repeated in a command that is recommended. */
  public List<String> flags() {
    return directory == null ? List.of() : List.of("--directory", directory.toString());
  }

  /** What follows a command that is recommended, so that it means the same stack. */
  public String suffix() {
    return directory == null ? "" : " --directory " + Text.argument(directory.toString());
  }

  /** That it was started. */
  public Changed change() {
    return new Changed(ExitCode.DONE, List.of(), "trafficctl local status" + suffix());
  }

  /** The stack, whether it was made or not. */
  public LocalStack stack() {
    Path root = environment.installation().root();
    Path place = directory == null ? root.resolve(".local") : directory;
    return LocalStack.in(place.toAbsolutePath().normalize(), Distribution.ofCheckout(root));
  }

  /**
   * The stack, to be started.
   *
   * @throws CommandException where the files are not there that it consists of
   */
  public LocalStack startable() {
    if (!environment.installation().isCheckout()) {
      throw new CommandException(
          ExitCode.FAILED,
          "only a source checkout has the local stack, not "
              + environment.installation().root()
              + "; in a checkout run: ./trafficctl local up"
              + suffix());
    }
    return stack();
  }

  /**
   * Where the stack is reached.
   *
   * @throws CommandException when none was made
   */
  public StackStatus.Addresses addresses() {
    return stack()
        .addresses()
        .orElseThrow(
            () ->
                new CommandException(
                    ExitCode.UNREACHABLE,
                    "there is no local stack; start it with: trafficctl local up" + suffix()));
  }
}
