package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.operation.catalogue.JobArguments;
import dev.trafficctl.cli.output.ShellCommand;
import dev.trafficctl.cli.state.StatePath;
import dev.trafficctl.model.Setting;
import java.util.List;
import java.util.TreeMap;

/** The commands that finish a restart, and that undo it. */
record RestartCommands(RestartOrder order) {
  /**
   * The command that starts the new job in this way once the job before has ended.
   *
   * @param job the name of the job that is replaced then
   * @param restored what it is restored from, or null to start without state
   */
  ShellCommand finishing(String job, String restored) {
    if (restored != null) {
      return finishing(job, fromOption(restored), restored);
    }
    String offsets =
        new JobArguments(order.start().arguments()).value(Setting.STARTING_OFFSETS).orElseThrow();
    return finishing(job, "--from-offsets", offsets.substring(offsets.indexOf(':') + 1));
  }

  /** The same, with the option that says from where, and its value. */
  ShellCommand finishing(String job, String option, String value) {
    return order.request().again(job, List.of(option, value));
  }

  /** The same with another state, the path of which has to be filled in. */
  ShellCommand finishingWithAnother(String job, String restored) {
    return finishing(job, fromOption(restored), "PATH");
  }

  /** The same as {@link #finishing(String, String)}, but leaves behind what no operator takes. */
  ShellCommand finishingWithLess(String job, String restored) {
    return order.request().againWithLess(job, List.of(fromOption(restored), restored));
  }

  /** The command that goes back to what there was before: what was changed, changed back. */
  ShellCommand back(String wayBack) {
    ShellCommand command =
        new ShellCommand("restart", order.start().jobName())
            .add(order.request().options())
            .add(fromOption(wayBack), wayBack);
    int parallelism = order.previous().parallelism();
    if (parallelism != order.start().parallelism()) {
      command.add("--parallelism", Integer.toString(parallelism));
    }
    JobArguments before = new JobArguments(order.previous().arguments());
    for (String name : new TreeMap<>(order.request().changes()).keySet()) {
      before.value(name).ifPresent(old -> command.add("--set", name + "=" + old));
    }
    return order.request().jarIsGiven() ? command.add(jarBefore()) : command;
  }

  /** The option that names the jar before; if that is another file, only its version is known. */
  private List<String> jarBefore() {
    String before = order.previous().jarSha256();
    if (before == null || !before.matches(JarCheck.SHA_256)) {
      return List.of();
    }
    return List.of(
        "--jar",
        before.equals(order.jarSha256())
            ? order.request().jar().toString()
            : "JAR-OF-VERSION-" + order.previous().version());
  }

  /** Another command about a job of this cluster. */
  ShellCommand command(String verb, String job) {
    return new ShellCommand(verb, job).add(order.request().options());
  }

  private static String fromOption(String path) {
    return StatePath.of(path).namesCheckpoint() ? "--from-checkpoint" : "--from-savepoint";
  }
}
