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
    confirm(environment, yes, "job", cluster, jobName, what);
  }

  /**
   * The same for a change of something else than a job.
   *
   * @param yes the name that was given with {@code --yes}, or null
   * @param kind what it is that has the name
   * @param cluster where the change is made, or null where that is no cluster that is named
   */
  public static void confirm(
      Environment environment, String yes, String kind, Cluster cluster, String name, String what) {
    if (yes != null) {
      if (!yes.equals(name)) {
        throw refused("--yes names " + yes + ", but the " + kind + " is " + name);
      }
    } else if (cluster != null && cluster.isProtected()) {
      ask(environment, kind, cluster, name, what);
    }
  }

  private static void ask(
      Environment environment, String kind, Cluster cluster, String name, String what) {
    String asked = cluster.shown() + " is protected, and this will " + what;
    if (!environment.interactive()) {
      throw refused(asked + "; confirm it with --yes=" + Text.argument(name));
    }
    environment.err().println(Text.safe(asked) + ".");
    environment.err().print("Type the " + kind + "'s name to go on: ");
    environment.err().flush();
    if (!name.equals(answer(environment))) {
      throw refused("that is not the " + kind + "'s name, " + name);
    }
  }

  private static String answer(Environment environment) {
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
