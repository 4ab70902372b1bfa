package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobDetails;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.operation.catalogue.JobArguments;
import dev.trafficctl.cli.operation.catalogue.StartSource;
import dev.trafficctl.cli.operation.change.RestartPlan.End;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.operation.start.SlotCheck;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.JarOperators;
import dev.trafficctl.cli.state.OperatorMatch;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.model.Setting;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.SettingsException;
import dev.trafficctl.model.StartDescription;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Chooses the settings and the parallelism that a restart starts the new job with. */
final class StartChoice {
  private final Cluster cluster;
  private final FlinkClient flink;
  private final Journal journal;
  private final SlotCheck slots;

  StartChoice(Session session) {
    this.cluster = session.cluster();
    this.flink = session.flink();
    this.journal = session.journal();
    this.slots = new SlotCheck(session);
  }

  /**
   * How the job was started before, and who tells it.
   *
   * @param state what is restored, or null
   * @throws CommandException when nothing tells it
   */
  StartSource.Found source(RestartScene scene, StateFile state) {
    RestartRequest request = scene.request();
    String jobName = scene.jobName();
    Optional<StartSource.Found> found =
        new StartSource(flink, journal)
            .find(jobName, StartSource.named(jobName, scene.jobs()), () -> state);
    if (!request.settings().isEmpty()) {
      StartDescription known = found.map(StartSource.Found::description).orElse(null);
      return new StartSource.Found(
          new StartDescription(
              jobName,
              known == null ? 1 : known.parallelism(),
              new JobArguments(request.settings())
                  .with(Setting.JOB_NAME.argument(), jobName)
                  .list(),
              null,
              null),
          "the command line",
          null);
    }
    return found
        .map(StartChoice::withTable)
        .orElseThrow(
            () ->
                new CommandException(
                    ExitCode.REFUSED,
                    "nothing tells how the job "
                        + Text.safe(jobName)
                        + " was started; give its settings: "
                        + scene.next().restartWithSettings(jobName)));
  }

  /** A setting of the environment here says nothing of where a job wrote that does not tell. */
  private static StartSource.Found withTable(StartSource.Found found) {
    StartDescription told = found.description();
    return new StartSource.Found(
        new StartDescription(
            told.jobName(),
            told.parallelism(),
            JobArguments.of(told).list(),
            told.version(),
            told.jarSha256()),
        found.from(),
        found.job());
  }

  /**
   * All settings of the new job.
   *
   * @param arguments those of the job before
   * @param changes what is different, by name
   * @throws CommandException when they are none that the job takes
   */
  Settings settings(List<String> arguments, Map<String, String> changes) {
    if (changes.containsKey(Setting.STARTING_OFFSETS.argument())) {
      throw new CommandException(
          ExitCode.USAGE,
          "--set starting-offsets: say from where it is started with --from-timestamp,"
              + " --from-offsets, --from-earliest or --from-latest");
    }
    try {
      return Settings.parse(
          new JobArguments(arguments).with(changes).list(), cluster.environment());
    } catch (SettingsException e) {
      throw new CommandException(ExitCode.USAGE, e.getMessage(), e);
    }
  }

  /**
   * Makes sure that the new job can have the state with its max parallelism. Flink restores no
   * state that was taken with another one where a job sets its own, as this one does.
   *
   * @param warn is told if it is changed and the state cannot be read from here
   * @throws CommandException when it is not that of the state
   */
  void maxParallelism(
      RestartScene scene,
      StartDescription source,
      Settings settings,
      Restored restored,
      Consumer<String> warn) {
    int wanted = settings.maxParallelism();
    if (restored.file() != null) {
      OperatorMatch.of(
              restored.file().operators(), JarOperators.of(scene.request().jar()).orElse(null))
          .stream()
          .filter(match -> match.fate() == null || match.fate().isInStateAndJar())
          .mapToInt(match -> match.entry().maxParallelism())
          .filter(max -> max > 0 && max != wanted)
          .findFirst()
          .ifPresent(max -> refuse(wanted, restored.file().path() + " was taken", max));
    } else if (restored.whatEnds()) {
      Optional.ofNullable(scene.before())
          .flatMap(job -> flink.job(job.id()))
          .map(JobDetails::maxParallelism)
          .filter(max -> max > 0 && max != wanted)
          .ifPresent(max -> refuse(wanted, "the job " + Text.safe(scene.jobName()) + " runs", max));
    } else if (restored.path() != null) {
      new JobArguments(source.arguments())
          .value(Setting.MAX_PARALLELISM)
          .filter(before -> !before.equals(Integer.toString(wanted)))
          .ifPresent(
              before ->
                  warn.accept(
                      "max parallelism becomes %d instead of %s: Flink refuses the state if it was taken with another than %d"
                          .formatted(wanted, before, wanted)));
    }
  }

  private static void refuse(int wanted, String what, int max) {
    throw new CommandException(
        ExitCode.REFUSED,
        "%s with max parallelism %d, and Flink does not restore its state with %d; keep max-parallelism %d, or start without state, for example with --from-earliest; nothing was changed"
            .formatted(what, max, wanted, max));
  }

  /**
   * The parallelism of the new job.
   *
   * @param source how it was started before
   * @param warn is told if it needs more slots than there are, and that is allowed
   * @throws CommandException when the job or its state cannot have it, or there are too few slots
   */
  int parallelism(
      RestartScene scene,
      StartDescription source,
      Settings settings,
      Restored restored,
      End end,
      Consumer<String> warn) {
    Integer wanted = scene.request().parallelism();
    int parallelism = wanted == null ? source.parallelism() : wanted;
    int most = settings.maxParallelism();
    StateFile state = restored.file();
    if (state != null) {
      most =
          Math.min(
              most,
              state.operators().stream()
                  .mapToInt(operator -> operator.maxParallelism())
                  .filter(max -> max > 0)
                  .min()
                  .orElse(most));
    }
    if (parallelism > most) {
      throw new CommandException(
          ExitCode.REFUSED,
          "parallelism "
              + parallelism
              + " is more than the job's max parallelism "
              + most
              + "; give at most that");
    }
    slots.require(
        new SlotCheck.Wanted(
            parallelism,
            end == End.NONE || scene.before() == null ? null : scene.before().id(),
            scene.request().allowMissingSlots(),
            restored.path()),
        SlotCheck::waits,
        warn);
    return parallelism;
  }
}
