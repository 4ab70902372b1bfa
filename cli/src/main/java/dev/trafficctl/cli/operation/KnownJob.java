package dev.trafficctl.cli.operation;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.model.StartDescription;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A job of which something is known, be it that Flink has forgotten it: from this machine's journal
 * and from its newest savepoint or checkpoint.
 *
 * @param name its name
 * @param start how it was started, or null if nothing tells
 * @param state its newest savepoint or checkpoint that can be read from here, or null
 */
public record KnownJob(String name, StartDescription start, StateFile state) {
  /**
   * Looks for a job that does not run.
   *
   * @param wanted its name, or null for the only one of which there is state
   * @param jobs the jobs that Flink remembers
   * @return nothing when no job is found
   * @throws CommandException when more than one fits
   */
  public static Optional<KnownJob> find(
      Cluster cluster, Journal journal, String wanted, List<JobSummary> jobs) {
    NewestState states = new NewestState(cluster);
    String name = wanted;
    if (name == null) {
      Set<String> names = states.jobNames();
      if (names.size() > 1) {
        throw new CommandException(
            ExitCode.REFUSED,
            "none of these jobs runs: "
                + Text.safe(String.join(", ", names))
                + "; give the name of the one that you mean");
      }
      if (names.isEmpty()) {
        return Optional.empty();
      }
      name = names.iterator().next();
    }
    String found = name;
    StateFile newest =
        Stream.of(true, false)
            .flatMap(savepoint -> states.newest(found, savepoint, jobs).stream())
            .filter(state -> state.file() != null)
            .max(Comparator.comparing(NewestState.Found::at))
            .map(NewestState.Found::file)
            .orElse(null);
    StartDescription start =
        new StartSource(cluster.flink(), journal)
            .find(found, jobs, newest)
            .map(StartSource.Found::description)
            .orElse(null);
    boolean known = start != null || newest != null;
    return known ? Optional.of(new KnownJob(found, start, newest)) : Optional.empty();
  }
}
