package dev.trafficctl.cli.operation.restart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.operation.change.RestartPlan;
import dev.trafficctl.cli.operation.change.RestartPlan.End;
import dev.trafficctl.model.StartDescription;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What another process can finish a restart by, and the commands that users are given. */
class RestartOrderTest {
  private static final JobId BEFORE = new JobId("0123456789abcdef0123456789abcdef");
  private static final Path JAR = Path.of("/opt/my jobs/traffic.jar");

  private static RestartPlan plan(String restore, List<String> arguments) {
    return new RestartPlan(
        "traffic",
        new JobSummary(BEFORE, "traffic", "RUNNING", Instant.EPOCH, Instant.EPOCH, 2, 2),
        End.STOP,
        new StartDescription("traffic", 4, arguments, "1.0", null),
        new StartDescription("traffic", 2, List.of("--batch-rows", "100"), "1.0", null),
        "the job",
        JAR,
        restore,
        restore == null,
        true,
        null,
        List.of());
  }

  private static RestartRequest request() {
    return new RestartRequest(
        "traffic",
        new From.WhereItStands(),
        4,
        Map.of("batch-rows", "500", "max-ahead", "5m"),
        List.of(),
        JAR,
        true,
        true,
        false,
        true,
        null,
        List.of("--context", "prod"));
  }

  @Test
  void isReadFromTheJournalAsItWasWritten() {
    RestartOrder order =
        RestartOrder.of(plan("s3://b/savepoint-1", List.of("--batch-rows", "500")), request());
    assertThat(RestartOrder.of("traffic", BEFORE, order.options())).isEqualTo(order);
    RestartOrder without = RestartOrder.of(plan(null, List.of()), request());
    assertThat(RestartOrder.of("traffic", BEFORE, without.options())).isEqualTo(without);
  }

  @Test
  void theCommandThatFinishesItSaysAllThatWasAskedFor() {
    RestartOrder order = RestartOrder.of(plan(null, List.of()), request());
    assertThat(
            order.commands(new ShellCommands()).finishing("traffic", "file:/sp/savepoint-012345-1"))
        .hasToString(
            "trafficctl restart traffic --context prod --from-savepoint"
                + " file:/sp/savepoint-012345-1 --parallelism 4 --set batch-rows=500 --set"
                + " max-ahead=5m --jar '/opt/my jobs/traffic.jar' --allow-non-restored-state"
                + " --allow-missing-slots");
    assertThat(order.commands(new ShellCommands()).finishing("traffic", "file:/cp/0123/chk-17"))
        .contains(" --from-checkpoint file:/cp/0123/chk-17 ");
  }

  @Test
  void theCommandThatFinishesAStartWithoutStatePinsTheOffsets() {
    RestartOrder order =
        RestartOrder.of(plan(null, List.of("--starting-offsets", "offsets:0=12,1=7")), request());
    assertThat(order.commands(new ShellCommands()).finishing("traffic", null))
        .startsWith("trafficctl restart traffic --context prod --from-offsets '0=12,1=7' ");
  }

  @Test
  void theWayBackUndoesWhatWasChanged() {
    RestartOrder order = RestartOrder.of(plan(null, List.of()), request());
    assertThat(order.commands(new ShellCommands()).back("file:/sp/savepoint-012345-1"))
        .hasToString(
            "trafficctl restart traffic --context prod --from-savepoint"
                + " file:/sp/savepoint-012345-1 --parallelism 2 --set batch-rows=100 --set"
                + " max-ahead=10m");
  }

  @Test
  void theStepsSayHowTheJobEndsAndFromWhereItStarts() {
    assertThat(plan(null, List.of()).steps())
        .containsExactly(
            "stop the job traffic (0123456789abcdef0123456789abcdef) with a savepoint",
            "start traffic with parallelism 4 from that savepoint",
            "wait until all of its tasks run");
    assertThat(plan("s3://b/sp", List.of()).steps().get(1))
        .isEqualTo("start traffic with parallelism 4 from s3://b/sp");
  }
}
