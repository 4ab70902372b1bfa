package dev.trafficctl.cli.command.observe;

import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.process.Environment;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl jobs}. */
@Command(
    name = "jobs",
    description = {
      "Lists the jobs that Flink knows, the newest first.",
      "Jobs that have ended are left out, among them the FAILED ones that every refused start"
          + " leaves behind; --all shows them too, until Flink forgets them."
    },
    footer = {"%nExamples:", "  trafficctl jobs", "  trafficctl jobs --all -o json"})
public final class JobsCommand implements Runnable {
  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin FormatOption output;

  @Option(
      names = {"-a", "--all"},
      description = "Also jobs that have ended.")
  boolean all;

  JobsCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    Cluster on = cluster.cluster();
    List<JobSummary> known =
        on.flink().jobs().stream()
            .sorted(Comparator.comparing(JobSummary::started).reversed())
            .toList();
    List<JobSummary> shown = known.stream().filter(job -> all || !job.ended()).toList();
    JobsView.print(shown, environment.clock().instant(), output.format(), environment.out());
    if (shown.isEmpty()) {
      environment.err().println("trafficctl: " + JobsView.whyEmpty(on, known));
    }
  }
}
