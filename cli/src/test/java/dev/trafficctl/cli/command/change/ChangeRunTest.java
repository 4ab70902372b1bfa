package dev.trafficctl.cli.command.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.operation.change.Change;
import dev.trafficctl.cli.operation.change.Plan;
import dev.trafficctl.cli.operation.change.Prepared;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.postgres.RejectedGroup;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeRunTest {
  private static final String FLINK = "http://127.0.0.1:8081";
  private static final RejectedGroup GROUP =
      new RejectedGroup(
          "malformed_json",
          "so",
          1,
          new RejectedGroup.Place(0, 0),
          new RejectedGroup.Place(0, 0),
          Instant.EPOCH,
          Instant.EPOCH);

  private final TestConsole console = TestConsole.jumping();
  private final List<String> seen = new ArrayList<>();

  @TempDir Path state;

  @BeforeEach
  void ownState() {
    console.with("XDG_STATE_HOME", state.toString());
  }

  private static Plan plan(List<RejectedGroup> groups) {
    return new Plan("retry", "production", "traffic", null, "send again", List.of(), List.of())
        .retrying(groups);
  }

  /** A change that finds these, first by a short look and then when it is prepared. */
  private Change change(List<RejectedGroup> before, List<RejectedGroup> later) {
    return new Change() {
      @Override
      public String verb() {
        return "retry";
      }

      @Override
      public String job() {
        return "traffic";
      }

      @Override
      public Optional<Plan> nothing() {
        seen.add("looks");
        return before.isEmpty() ? Optional.of(plan(before)) : Optional.empty();
      }

      @Override
      public Prepared prepare() {
        seen.add("prepares");
        return new Prepared(
            plan(later),
            lock -> {
              seen.add("does");
              return new Result(
                  "id", verb(), job(), null, ExitCode.DONE, null, null, "done", false);
            });
      }
    };
  }

  private int run(boolean planOnly, Change change) {
    // Protected, and nobody is there to be asked.
    Cluster cluster =
        new Cluster(
            "production",
            FlinkClient.at(FLINK, new ShellCommands()),
            null,
            Map.of(),
            null,
            null,
            null,
            null,
            null,
            null,
            true,
            List.of(),
            null,
            Map.of(),
            new ShellCommands());
    ChangeView view =
        new ChangeView(console.environment(), Format.TABLE) {
          @Override
          public void plan(Plan plan) {
            seen.add("shows " + plan.retry().size());
          }
        };
    return new ChangeRun(
            console.environment(), new Confirmation(console.environment()), view, planOnly)
        .run(cluster, Duration.ofSeconds(10), session -> change);
  }

  @Test
  void onlyThePlanIsPreparedOnce() {
    assertThat(run(true, change(List.of(GROUP), List.of(GROUP)))).isZero();
    assertThat(seen).containsExactly("prepares", "shows 1");
  }

  @Test
  void whereThereIsNothingToDoNothingIsLocked() {
    Journal journal = Journal.of(console.environment());
    try (JobLock taken =
        journal.lock(FlinkClient.at(FLINK, new ShellCommands()).address(), "traffic", "stop")) {
      assertThat(taken.job()).isEqualTo("traffic");
      assertThat(run(false, change(List.of(), List.of(GROUP)))).isZero();
      assertThat(seen).containsExactly("looks", "shows 0");

      assertThatThrownBy(() -> run(false, change(List.of(GROUP), List.of(GROUP))))
          .isInstanceOf(CommandException.class)
          .hasMessageContaining(" is doing stop on traffic since ");
    }
  }

  @Test
  void whereNothingIsLeftBehindTheLockNobodyIsAsked() {
    assertThat(run(false, change(List.of(GROUP), List.of()))).isZero();
    assertThat(seen).containsExactly("looks", "prepares", "shows 0");
  }

  @Test
  void whereThereIsSomethingToDoItIsAskedFor() {
    assertThatThrownBy(() -> run(false, change(List.of(GROUP), List.of(GROUP))))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining(" is protected, and this will send again; confirm it with --yes=");
    assertThat(seen).containsExactly("looks", "prepares");
  }
}
