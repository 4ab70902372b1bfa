package dev.trafficctl.cli.operation;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.state.KnownState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells of which jobs the states in a list are, where more than one job has their name: which of
 * them a restart from the newest passes over, or that it would choose none.
 */
public final class StateOwners {
  private final Descent descent;
  private final List<JobSummary> jobs;
  private final Map<String, JobLine> lines = new HashMap<>();
  // Those of a name of which nothing but states tells.
  private final Map<String, List<JobLine>> owners = new LinkedHashMap<>();

  /**
   * With what tells how jobs were started.
   *
   * @throws dev.trafficctl.cli.CommandException when Flink cannot be asked
   */
  public StateOwners(Cluster cluster, Journal journal) {
    this.descent = new Descent(cluster.flink(), journal);
    this.jobs = cluster.flink().jobs();
  }

  /** The same states with a note each where one is needed. */
  public List<KnownState> noted(List<KnownState> states) {
    for (KnownState state : states) {
      if (isTold(state) && line(state).equals(JobLine.ANY)) {
        List<JobLine> known = owners.computeIfAbsent(name(state), name -> new ArrayList<>());
        if (known.stream().noneMatch(line -> differences(line, state).isEmpty())) {
          known.add(JobLine.of(state.description()));
        }
      }
    }
    return states.stream().map(state -> isTold(state) ? noted(state) : state).toList();
  }

  /** What somebody should know who wants to restore one of the states, a line each. */
  public List<String> warnings() {
    return owners.entrySet().stream()
        .filter(entry -> entry.getValue().size() > 1)
        .map(
            entry ->
                "nothing tells how the job %s was started, and these are states of %d jobs of that name: restore one by its path, not with latest"
                    .formatted(Text.safe(entry.getKey()), entry.getValue().size()))
        .toList();
  }

  private KnownState noted(KnownState state) {
    List<JobLine> known = owners.getOrDefault(name(state), List.of());
    if (known.size() > 1) {
      return state.noted(
          "of one of %d jobs of that name: %s"
              .formatted(known.size(), JobLine.of(state.description()).words()));
    }
    List<JobLine.Difference> differences = differences(line(state), state);
    return differences.isEmpty()
        ? state
        : state.noted(
            "of another job: "
                + String.join(", ", differences.stream().map(JobLine.Difference::brief).toList()));
  }

  private static boolean isTold(KnownState state) {
    return state.description() != null && !Boolean.FALSE.equals(state.restorable());
  }

  private static String name(KnownState state) {
    return state.description().jobName();
  }

  private JobLine line(KnownState state) {
    return lines.computeIfAbsent(name(state), name -> descent.of(name, jobs));
  }

  private static List<JobLine.Difference> differences(JobLine line, KnownState state) {
    return line.differences(
        state.path(), state.remembered() ? new JobId(state.jobId()) : null, state.description());
  }
}
