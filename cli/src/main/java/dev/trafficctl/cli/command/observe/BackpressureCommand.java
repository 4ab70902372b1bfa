package dev.trafficctl.cli.command.observe;

import dev.trafficctl.cli.command.next.ShellCommand;
import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.DurationConverter;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.command.option.JobOption;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.observe.BackpressureReader;
import dev.trafficctl.cli.observe.VertexBackpressure;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.Environment;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl backpressure}. */
@Command(
    name = "backpressure",
    description = {
      "Shows which tasks of a job are held up by those behind them.",
      "A savepoint waits behind the events that are held up: under backpressure it takes long and"
          + " may time out. Flink measures when it is asked; a task that it has not measured within"
          + " the time-out is shown with -."
    },
    footer = {"%nExamples:", "  trafficctl backpressure", "  trafficctl backpressure -o json"})
public final class BackpressureCommand implements Runnable {
  /** Above this share of its time a task does not keep up. */
  private static final double BUSY = 0.8;

  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin JobOption job;
  @Mixin FormatOption output;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "15s",
      converter = DurationConverter.class,
      description = "How long to wait until Flink has measured. Default: ${DEFAULT-VALUE}.")
  Duration timeout;

  BackpressureCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    Cluster on = cluster.cluster();
    JobSummary found = job.finder(on).live();
    List<VertexBackpressure> vertices =
        new BackpressureReader(on, environment.clock(), environment.sleeper())
            .read(found.id(), timeout);
    BackpressureView.of(found, vertices).print(output.format(), environment.out());
    environment.err().println("trafficctl: " + Text.safe(meaning(on, vertices)));
  }

  private static String meaning(Cluster on, List<VertexBackpressure> vertices) {
    if (vertices.stream().anyMatch(vertex -> vertex.isLevel("high"))) {
      return "backpressure is high: a savepoint will be slow and may time out; compare the duration"
          + " of the last checkpoint with the time-out: "
          + ShellCommand.on(on, "status");
    }
    if (vertices.stream().anyMatch(vertex -> vertex.isLevel("low"))) {
      return "there is some backpressure: a savepoint takes longer than usual";
    }
    if (vertices.stream().anyMatch(vertex -> !vertex.backpressure().known())) {
      return "Flink has not measured all tasks; ask again soon, or give --timeout";
    }
    boolean busy =
        vertices.stream()
            .flatMap(vertex -> vertex.backpressure().subtasks().stream())
            .anyMatch(subtask -> subtask.busy() > BUSY);
    return busy
        ? "no backpressure, but a task is busy all the time and may hold up a savepoint itself;"
            + " see: "
            + ShellCommand.on(on, "checkpoints")
        : "no backpressure: no task waits for another";
  }
}
