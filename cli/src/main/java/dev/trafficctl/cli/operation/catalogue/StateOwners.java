package dev.trafficctl.cli.operation.catalogue;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.state.KnownState;
import dev.trafficctl.model.Setting;
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
  private static final String NOBODYS =
      "nothing tells of which job it is: latest passes it over, its path can be given";

  // Null where there is neither a Flink nor a journal of it.
  private final Descent descent;
  private final boolean asked;
  private final List<JobSummary> jobs;
  private final Map<String, JobLine> lines = new HashMap<>();
  // Those of a name of which nothing but states tells.
  private final Map<String, List<JobLine>> owners = new LinkedHashMap<>();
  private final Map<String, String> newestTopics = new HashMap<>();

  private StateOwners(Descent descent, boolean asked, List<JobSummary> jobs) {
    this.descent = descent;
    this.asked = asked;
    this.jobs = jobs;
  }

  /**
   * With what Flink and the journal tell of how jobs were started.
   *
   * @throws dev.trafficctl.cli.process.CommandException when Flink cannot be asked
   */
  public static StateOwners asking(Cluster cluster, Journal journal) {
    return new StateOwners(new Descent(cluster.flink(), journal), true, cluster.flink().jobs());
  }

  /**
   * With what the journal and the states alone tell, where Flink cannot be reached.
   *
   * @param cluster which Flink that is, or null if none is known
   */
  public static StateOwners withoutFlink(Cluster cluster, Journal journal) {
    Descent descent = cluster == null ? null : Descent.fromJournal(cluster.flink(), journal);
    return new StateOwners(descent, false, List.of());
  }

  /**
   * The same states with a note each where one is needed.
   *
   * @param states the newest first
   */
  public List<KnownState> noted(List<KnownState> states) {
    for (KnownState state : states) {
      if (isTold(state) && line(state).equals(JobLine.ANY)) {
        List<JobLine> known = owners.computeIfAbsent(name(state), name -> new ArrayList<>());
        if (known.stream().noneMatch(line -> differences(line, state).isEmpty())) {
          known.add(JobLine.of(state.description()));
        }
      }
    }
    for (KnownState state : states) {
      if (isTold(state) && state.topicId() != null && differences(line(state), state).isEmpty()) {
        newestTopics.putIfAbsent(topic(state), state.topicId());
      }
    }
    return states.stream()
        .map(
            state -> isTold(state) ? noted(state) : isNobodys(state) ? state.noted(NOBODYS) : state)
        .toList();
  }

  /** What somebody should know who wants to restore one of the states, a line each. */
  public List<String> warnings() {
    return owners.entrySet().stream()
        .filter(entry -> entry.getValue().size() > 1)
        .map(
            entry ->
                "%s how the job %s was started, and these are states of %d jobs of that name: restore one by its path, not with latest"
                    .formatted(
                        asked ? "nothing tells" : "without Flink nothing tells",
                        Text.safe(entry.getKey()),
                        entry.getValue().size()))
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
    if (!differences.isEmpty()) {
      return state.noted(
          "of another job: "
              + String.join(", ", differences.stream().map(JobLine.Difference::brief).toList()));
    }
    String newest = newestTopics.get(topic(state));
    return state.topicId() == null || state.topicId().equals(newest)
        ? state
        : state.noted(
            "of another topic than the newest: %s was made anew, and had the id %s before it was %s"
                .formatted(topicName(state), Text.safe(state.topicId()), Text.safe(newest)));
  }

  /** Of a job and its topic, in one. */
  private static String topic(KnownState state) {
    return name(state) + "\n" + topicName(state);
  }

  private static String topicName(KnownState state) {
    return new JobArguments(state.description().arguments())
        .given(Setting.KAFKA_TOPIC)
        .map(Text::safe)
        .map(name -> "topic " + name)
        .orElse("its topic");
  }

  private static boolean isTold(KnownState state) {
    return state.description() != null && !Boolean.FALSE.equals(state.restorable());
  }

  private static boolean isNobodys(KnownState state) {
    return state.description() == null
        && !state.remembered()
        && Boolean.TRUE.equals(state.restorable());
  }

  private static String name(KnownState state) {
    return state.description().jobName();
  }

  private JobLine line(KnownState state) {
    return lines.computeIfAbsent(
        name(state), name -> descent == null ? JobLine.ANY : descent.of(name, jobs));
  }

  private static List<JobLine.Difference> differences(JobLine line, KnownState state) {
    return line.differences(
        state.path(), state.remembered() ? new JobId(state.jobId()) : null, state.description());
  }
}
