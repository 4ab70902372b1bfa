package dev.trafficctl.cli.command.change;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import java.io.IOException;
import picocli.CommandLine.Option;

/**
 * The option with which a change is confirmed, and the question when it is not given. Only a
 * protected cluster asks; but an option that names another job is refused everywhere.
 */
public final class Confirmation {
  private final Environment environment;

  @Option(
      names = "--yes",
      paramLabel = "JOBNAME",
      description =
          "Confirm the change of a protected cluster by the job's name, instead of typing it.")
  String yes;

  Confirmation(Environment environment) {
    this.environment = environment;
  }

  /**
   * Returns if the change may be made. To be called after everything else that can refuse it, and
   * before anything is changed; not with {@code --plan}.
   *
   * @param cluster where the change is made
   * @param jobName the name of the job that is changed
   * @param what what is done, to follow "this will", such as {@code stop the job traffic}
   * @throws CommandException with {@link ExitCode#REFUSED} when it is not confirmed
   */
  public void confirm(Cluster cluster, String jobName, String what) {
    if (yes != null) {
      if (!yes.equals(jobName)) {
        throw refused("--yes names " + yes + ", but the job is " + jobName);
      }
    } else if (cluster.isProtected()) {
      ask(cluster, jobName, what);
    }
  }

  private void ask(Cluster cluster, String jobName, String what) {
    String asked = cluster.shown() + " is protected, and this will " + what;
    if (!environment.interactive()) {
      throw refused(asked + "; confirm it with --yes=" + Text.argument(jobName));
    }
    environment.err().println(Text.safe(asked) + ".");
    environment.err().print("Type the job's name to go on: ");
    environment.err().flush();
    if (!jobName.equals(answer())) {
      throw refused("that is not the job's name, " + jobName);
    }
  }

  private String answer() {
    try {
      String line = environment.in().readLine();
      if (line == null) {
        environment.err().println();
      }
      return line == null ? "" : line.strip();
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.REFUSED, "cannot read the answer; nothing was changed", e);
    }
  }

  private static CommandException refused(String why) {
    return new CommandException(ExitCode.REFUSED, why + "; nothing was changed");
  }
}
