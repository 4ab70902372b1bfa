package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.operation.catalogue.JobLine;
import dev.trafficctl.cli.operation.catalogue.NewestState;
import dev.trafficctl.cli.operation.change.RestartPlan.End;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextRestart;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.cli.state.StatePath;
import dev.trafficctl.cli.state.StateReading;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Chooses the savepoint or checkpoint that a restart restores, and checks it. */
final class RestoreChoice {
  private final Cluster cluster;
  private final NewestState states;
  private final Clock clock;

  RestoreChoice(Cluster cluster, NewestState states, Clock clock) {
    this.cluster = cluster;
    this.states = states;
    this.clock = clock;
  }

  /**
   * What is restored.
   *
   * @param end how the job is brought to its end
   * @param warn is told what somebody should know of it, a line each
   * @throws CommandException when there is nothing that can be restored
   */
  Restored restored(RestartScene scene, End end, Consumer<String> warn) {
    From from = scene.from();
    Optional<JobSummary> before = Optional.ofNullable(scene.before());
    if (from.path() != null) {
      return given(scene, warn);
    }
    if (from instanceof From.Position) {
      return new Restored(null, false, null);
    }
    if (from instanceof From.WhereItStands && end == End.NONE) {
      throw nothingToStop(scene);
    }
    if (from instanceof From.WhereItStands && end == End.STOP) {
      StateFile newest =
          before.flatMap(states::newestCheckpoint).map(NewestState.Found::file).orElse(null);
      return new Restored(null, true, newest);
    }
    boolean savepoint = from instanceof From.Savepoint;
    boolean any = scene.request().allowStateOfAnotherJob();
    NewestState.Newest all =
        end == End.CANCEL && !savepoint
            ? NewestState.Newest.of(before.flatMap(states::newestCheckpoint))
            : newest(scene, savepoint);
    Optional<NewestState.Found> newest = all.found();
    Optional<String> others = all.others(savepoint);
    if (newest.isEmpty() && end == End.CANCEL && !savepoint) {
      Optional<NewestState.Found> origin = before.flatMap(states::startedFrom);
      if (origin.isPresent()) {
        warn.accept(
            "it has completed no checkpoint yet: it goes on from what it was itself started from, "
                + origin.get().path()
                + ", and nothing is lost");
        return new Restored(origin.get().path(), true, origin.get().file());
      }
    }
    if (newest.isEmpty()) {
      throw new CommandException(
          ExitCode.REFUSED,
          states.nowhere(
                  (savepoint ? "savepoint" : "checkpoint")
                      + " of the job "
                      + Text.safe(scene.jobName()),
                  savepoint)
              + others.map(words -> "; " + words).orElse("")
              + (all.otherJobs().isEmpty() ? "" : "; if that is meant: " + StateOfAnotherJob.OPTION)
              + "; see: "
              + list(savepoint));
    }
    tell(newest.get(), savepoint, warn);
    others.ifPresent(warn);
    if (any && newest.get().file() != null) {
      new StateOfAnotherJob(scene).check(newest.get().file(), warn);
    }
    return new Restored(newest.get().path(), end == End.CANCEL && !savepoint, newest.get().file());
  }

  private NewestState.Newest newest(RestartScene scene, boolean savepoint) {
    boolean any = scene.request().allowStateOfAnotherJob();
    List<NewestState.Owner> owners = any ? List.of() : owners(scene, savepoint);
    if (owners.size() > 1) {
      throw new CommandException(
          ExitCode.REFUSED,
          "nothing tells how the job %s was started, and there are %ss of %d jobs of that name; nothing was changed; name the one that is meant:\n%s"
              .formatted(
                  Text.safe(scene.jobName()),
                  savepoint ? "savepoint" : "checkpoint",
                  owners.size(),
                  String.join(
                      "\n", owners.stream().map(owner -> way(scene, savepoint, owner)).toList())));
    }
    return states.newest(
        scene.jobName(), savepoint, scene.jobs(), any ? JobLine.ANY : scene.line(), scene.topic());
  }

  /** The jobs of which one would have to be chosen, where nothing tells which is meant. */
  private List<NewestState.Owner> owners(RestartScene scene, boolean savepoint) {
    return scene.line().equals(JobLine.ANY)
        ? states.owners(scene.jobName(), savepoint, scene.jobs())
        : List.of();
  }

  private String way(RestartScene scene, boolean savepoint, NewestState.Owner owner) {
    String path = StatePath.of(owner.newest().path()).text();
    NextRestart.Start start = NextRestart.Start.state(savepoint, path);
    return "%s  (%s, of %s)"
        .formatted(
            scene.next().restart(scene.request().again(scene.jobName(), start)),
            owner.line().words(),
            when(owner.newest()));
  }

  private String when(NewestState.Found found) {
    return found.at() + ", " + Text.age(Duration.between(found.at(), clock.instant())) + " ago";
  }

  private String list(boolean savepoint) {
    return savepoint ? cluster.next().savepoints() : cluster.next().checkpoints();
  }

  private void tell(NewestState.Found found, boolean savepoint, Consumer<String> warn) {
    warn.accept(
        "the newest "
            + (savepoint ? "savepoint" : "checkpoint")
            + " is of "
            + when(found)
            + ": "
            + found.path());
    if (found.unread() != null) {
      warn.accept(found.unread() + ", so it was not checked");
    }
  }

  private Restored given(RestartScene scene, Consumer<String> warn) {
    StatePath given = states.passedOn(scene.from().path());
    String path = given.text();
    StateReading reading = states.read(given);
    if (reading instanceof StateReading.Broken broken) {
      throw new CommandException(
          ExitCode.REFUSED,
          broken.problem()
              + "; nothing was changed; see what can be restored: "
              + list(scene.from() instanceof From.Savepoint));
    }
    if (reading instanceof StateReading.Elsewhere elsewhere) {
      warn.accept(elsewhere.problem() + ", so it was not checked");
      return new Restored(path, false, null);
    }
    StateFile file = ((StateReading.Whole) reading).file();
    new StateOfAnotherJob(scene).check(file, warn);
    return new Restored(path, false, file);
  }

  private CommandException nothingToStop(RestartScene scene) {
    String jobName = scene.jobName();
    List<String> ways = new ArrayList<>();
    for (boolean savepoint : new boolean[] {true, false}) {
      List<NewestState.Owner> owners = owners(scene, savepoint);
      if (owners.size() > 1) {
        owners.forEach(owner -> ways.add(way(scene, savepoint, owner)));
        continue;
      }
      states
          .newest(jobName, savepoint, scene.jobs(), scene.line(), scene.topic())
          .found()
          .ifPresent(
              found ->
                  ways.add(
                      scene
                              .next()
                              .restart(
                                  NextRestart.of(jobName, NextRestart.Start.state(savepoint, null)))
                          + "  (of "
                          + when(found)
                          + ")"));
    }
    String what =
        scene.before() == null
            ? "Flink at " + cluster.flink().address() + " knows no job " + Text.safe(jobName)
            : "the job " + Text.safe(jobName) + " is " + scene.before().state();
    return new CommandException(
        ExitCode.REFUSED,
        what
            + ", so there is nothing to stop; say from where it is started"
            + (ways.isEmpty()
                ? ", see: " + scene.next().explainRestart()
                : ":\n" + String.join("\n", ways)));
  }
}
