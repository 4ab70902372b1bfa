package dev.trafficctl.cli.command.savepoint;

import dev.trafficctl.cli.command.next.ShellCommand;
import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.JobOption;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.operation.catalogue.StateOwners;
import dev.trafficctl.cli.operation.catalogue.StateSearch;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.KnownState;
import dev.trafficctl.cli.state.PluginFileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options and the parameter that say whose checkpoints and savepoints are looked for, and
 * where.
 */
public final class StorageOption {
  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin JobOption job;

  @Option(
      names = "--storage",
      paramLabel = "DIR",
      description =
          "Also what lies in this directory, even if Flink cannot be reached. Other places than"
              + " local ones are read by Flink's file-system plug-ins in FLINK_PLUGINS_DIR or in"
              + " plugins/ beside trafficctl. Default: the directories of the context or of Flink's"
              + " configuration.")
  String storage;

  StorageOption(Environment environment) {
    this.environment = environment;
  }

  /**
   * What there is, after words about what could not be looked at.
   *
   * @param always whether storage is searched while Flink knows the job, too
   * @param wanted which of them are asked for
   */
  List<KnownState> find(boolean always, Predicate<KnownState> wanted) {
    Cluster on = null;
    String wantedJob = job.job();
    try {
      on = cluster.cluster();
      wantedJob = job.wanted(on);
    } catch (CommandException e) {
      if (storage == null || e.exitCode() != ExitCode.UNREACHABLE) {
        throw e;
      }
    }
    StateSearch.Found found = new StateSearch(on, wantedJob, storage, plugins()).find(always);
    List<KnownState> states = noted(on, found, wanted);
    boolean stored = states.stream().anyMatch(state -> !state.remembered());
    if (found.missing() != null) {
      say(found.missing() + (stored ? "; " + whatIsThere(found) : ""));
    }
    found.unreachable().forEach(this::say);
    if (states.isEmpty() || (found.missing() != null && !stored)) {
      say(whyNone(found));
    }
    if (found.reached() && found.job() == null && storage == null) {
      restart(on, states).ifPresent(command -> say("start it again with: " + command));
    }
    return states;
  }

  /** Those that are asked for, with of which job each is where that matters. */
  private List<KnownState> noted(
      Cluster on, StateSearch.Found found, Predicate<KnownState> wanted) {
    List<KnownState> states = found.states().stream().filter(wanted).toList();
    if (states.isEmpty()) {
      return states;
    }
    Journal journal = Journal.of(environment);
    StateOwners owners =
        found.reached() ? StateOwners.asking(on, journal) : StateOwners.withoutFlink(on, journal);
    List<KnownState> noted = owners.noted(states);
    owners.warnings().forEach(this::say);
    return noted;
  }

  private PluginFileSystems plugins() {
    Path directory = environment.installation().pluginDirectory(environment.variables());
    return Files.isDirectory(directory)
        ? PluginFileSystems.of(environment.variables(), environment.installation())
        : null;
  }

  private static String whatIsThere(StateSearch.Found found) {
    return found.job() == null ? "this is what lies in storage" : "this also lies in storage";
  }

  private static Optional<String> restart(Cluster on, List<KnownState> states) {
    return states.stream()
        .filter(state -> Boolean.TRUE.equals(state.restorable()) && state.jobName() != null)
        .filter(state -> state.note() == null)
        .findFirst()
        .map(
            newest ->
                ShellCommand.on(
                    on,
                    "restart",
                    newest.jobName(),
                    newest.savepoint() ? "--from-savepoint" : "--from-checkpoint",
                    "latest"));
  }

  private static String whyNone(StateSearch.Found found) {
    if (!found.searched().isEmpty()) {
      return "nothing found in " + String.join(", ", found.searched());
    }
    return (found.missing() == null
            ? "Flink remembers none of " + found.job().name() + " (" + found.job().id() + "); "
            : "")
        + "name a directory to search with --storage DIR";
  }

  private void say(String words) {
    environment.err().println("trafficctl: " + Text.safe(words));
  }
}
