package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.operation.catalogue.JobArguments;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.cli.process.NextRestart;
import dev.trafficctl.cli.state.StatePath;
import dev.trafficctl.model.Setting;
import dev.trafficctl.model.StartingPosition;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The restarts that finish a restart, and that undo it.
 *
 * @param next what is typed next about the cluster of the restart
 */
record RestartCommands(RestartOrder order, NextCommands next) {
  /**
   * The command that starts the new job in this way once the job before has ended.
   *
   * @param job the name of the job that is replaced then
   * @param restored what it is restored from, or null to start without state
   */
  String finishing(String job, String restored) {
    if (restored != null) {
      return finishingFrom(job, state(restored, restored));
    }
    String offsets =
        new JobArguments(order.start().arguments()).value(Setting.STARTING_OFFSETS).orElseThrow();
    return finishingFrom(job, new NextRestart.Position(StartingPosition.parse(offsets)));
  }

  /** The same, from somewhere. */
  String finishingFrom(String job, NextRestart.Start start) {
    return next.restart(order.request().again(job, start));
  }

  /** The same with another state, the path of which has to be filled in. */
  String finishingWithAnother(String job, String restored) {
    return finishingFrom(job, state(restored, "PATH"));
  }

  /** The same as {@link #finishing(String, String)}, but leaves behind what no operator takes. */
  String finishingWithLess(String job, String restored) {
    return next.restart(order.request().againWithLess(job, state(restored, restored)));
  }

  /** The command that goes back to what there was before: what was changed, changed back. */
  String back(String wayBack) {
    int parallelism = order.previous().parallelism();
    JobArguments before = new JobArguments(order.previous().arguments());
    Map<String, String> changes = new TreeMap<>();
    for (String name : order.request().changes().keySet()) {
      before.value(name).ifPresent(old -> changes.put(name, old));
    }
    return next.restart(
        new NextRestart(
            order.start().jobName(),
            state(wayBack, wayBack),
            parallelism == order.start().parallelism() ? null : parallelism,
            changes,
            order.request().jarIsGiven() ? jarBefore() : null,
            false,
            false,
            false,
            List.of()));
  }

  /** The jar before, or null; if that is another file, only its version is known. */
  private String jarBefore() {
    String before = order.previous().jarSha256();
    if (before == null || !before.matches(JarCheck.SHA_256)) {
      return null;
    }
    return before.equals(order.jarSha256())
        ? order.request().jar().toString()
        : "JAR-OF-VERSION-" + order.previous().version();
  }

  /** From a state of the same kind as another. */
  private static NextRestart.Start state(String another, String path) {
    return NextRestart.Start.state(!StatePath.of(another).namesCheckpoint(), path);
  }
}
