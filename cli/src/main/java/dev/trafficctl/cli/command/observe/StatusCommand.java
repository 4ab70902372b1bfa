package dev.trafficctl.cli.command.observe;

import dev.trafficctl.cli.command.next.ShellCommand;
import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.command.option.JobOption;
import dev.trafficctl.cli.command.option.PercentConverter;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.observe.Health;
import dev.trafficctl.cli.observe.JobStatus;
import dev.trafficctl.cli.observe.RejectedLimit;
import dev.trafficctl.cli.observe.StatusReader;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl status}. */
@Command(
    name = "status",
    description = {
      "Shows how a job is; exits 0 if it is healthy, 3 otherwise.",
      "A job is unhealthy if it is not RUNNING with all its tasks, or if "
          + Health.CHECKPOINT_RULE
          + ", or if it keeps failing: "
          + Health.FAILURE_RULE
          + ", or if "
          + RejectedLimit.RULE
          + ". What Flink tells is up to 3 s old.",
      "Flink alone is asked: after Kafka has died it can say healthy for up to about 75 s, until"
          + " Kafka's and Flink's own time-outs have passed; lag and verify say it at once."
    },
    footer = {
      "%nExamples:",
      "  trafficctl status",
      "  trafficctl status traffic --max-rejected 1 -o json"
    })
public final class StatusCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin JobOption job;
  @Mixin FormatOption output;

  @Option(
      names = "--max-rejected",
      paramLabel = "PERCENT",
      converter = PercentConverter.class,
      description =
          "How much of the last minute's events may be rejected, such as 0.5; 100 is no limit."
              + " Default: the context's max-rejected, else 5.")
  Double maxRejected;

  StatusCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Cluster on = cluster.cluster();
    RejectedLimit limit = limit(on);
    JobStatus status =
        new StatusReader(on, environment.clock(), environment.sleeper())
            .read(job.finder(on).any().id());
    Instant now = environment.clock().instant();
    Health health = Health.of(status, limit, now);
    StatusView.of(on, status, health, limit).print(now, output.format(), environment.out());
    if (health.healthy()) {
      return ExitCode.DONE.number();
    }
    environment
        .err()
        .println(
            "trafficctl: "
                + Text.safe(
                    String.join("; ", health.problems()) + next(on, status, health, limit)));
    return ExitCode.CHECK_FAILED.number();
  }

  private RejectedLimit limit(Cluster on) {
    if (maxRejected != null) {
      return new RejectedLimit(maxRejected);
    }
    return on.maxRejected() == null ? RejectedLimit.DEFAULT : new RejectedLimit(on.maxRejected());
  }

  private static String next(Cluster on, JobStatus status, Health health, RejectedLimit limit) {
    String name = status.job().name();
    if (health.problems().equals(limit.problem(status.lastMinute()).stream().toList())) {
      return "; see which: " + ShellCommand.on(on, "rejected", "list", name);
    }
    return switch (status.job().state()) {
      case "FINISHED", "CANCELED" ->
          "; start it again with: " + ShellCommand.on(on, "restart", name);
      default -> "; see why: " + ShellCommand.on(on, "exceptions", status.job().id().text());
    };
  }
}
