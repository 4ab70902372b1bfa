package dev.trafficctl.cli.command.observe;

import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.command.option.IntegerConverter;
import dev.trafficctl.cli.command.option.JobOption;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.observe.RootCause;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.Environment;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl exceptions}. */
@Command(
    name = "exceptions",
    description = {
      "Shows why a job failed, the newest cause first; equal causes are shown once.",
      "Flink keeps the newest 16 failures of a job, unless web.exception-history-size says"
          + " otherwise, until the JobManager restarts."
    },
    footer = {
      "%nExamples:",
      "  trafficctl exceptions",
      "  trafficctl exceptions traffic -n 1 --full"
    })
public final class ExceptionsCommand implements Runnable {
  // More than any JobManager keeps unless it is told to.
  private static final int FAILURES = 100;

  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin JobOption job;
  @Mixin FormatOption output;

  @Option(
      names = {"-n", "--number"},
      paramLabel = "N",
      converter = IntegerConverter.AtLeastOne.class,
      defaultValue = "10",
      description = "How many causes at most. Default: ${DEFAULT-VALUE}.")
  int number;

  @Option(names = "--full", description = "With the stack trace of the newest of each.")
  boolean full;

  ExceptionsCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    Cluster on = cluster.cluster();
    JobSummary found = job.finder(on).any();
    List<RootCause> causes = RootCause.of(on.flink().failures(found.id(), FAILURES));
    List<RootCause> shown = causes.subList(0, Math.min(number, causes.size()));
    ExceptionsView.of(found, shown, full)
        .print(environment.clock().instant(), output.format(), environment.out());
    if (causes.isEmpty()) {
      environment
          .err()
          .println(
              "trafficctl: Flink remembers no failure of "
                  + Text.safe(found.name())
                  + " ("
                  + found.id()
                  + "), which is "
                  + Text.safe(found.state()));
    } else if (shown.size() < causes.size()) {
      environment
          .err()
          .println("trafficctl: " + (causes.size() - shown.size()) + " older; see them with -n");
    }
  }
}
