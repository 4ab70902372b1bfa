package dev.trafficctl.cli.command.observe;

import dev.trafficctl.cli.command.next.ShellCommand;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A list of jobs as it is shown. */
record JobsView(List<Job> jobs) {
  record Job(
      String jobId,
      String name,
      String state,
      int runningTasks,
      int tasks,
      String started,
      String changed) {}

  static void print(List<JobSummary> jobs, Instant now, Format format, PrintWriter out) {
    if (format != Format.TABLE) {
      Document.print(new JobsView(jobs.stream().map(JobsView::view).toList()), format, out);
      return;
    }
    Table table = new Table("JOB ID", "NAME", "STATE", "TASKS", "STARTED", "AGE", "LAST CHANGE");
    for (JobSummary job : jobs) {
      table.row(
          job.id(),
          job.name(),
          job.state(),
          job.runningTasks() + "/" + job.tasks(),
          job.started(),
          Text.age(Duration.between(job.started(), now)),
          Text.age(Duration.between(job.changed(), now)) + " ago");
    }
    table.print(out);
  }

  private static Job view(JobSummary job) {
    return new Job(
        job.id().text(),
        job.name(),
        job.state(),
        job.runningTasks(),
        job.tasks(),
        job.started().toString(),
        job.changed().toString());
  }

  /** Why nothing is shown of the jobs that Flink knows, in one line. */
  static String whyEmpty(Cluster cluster, List<JobSummary> known) {
    if (known.isEmpty()) {
      return Text.safe(
          "Flink on "
              + cluster.shown()
              + " knows no job; start one that it lost with: "
              + ShellCommand.on(cluster, "restart", "JOB", "--from-checkpoint", "latest")
              + ", and a new one with: "
              + ShellCommand.on(cluster, "submit"));
    }
    JobSummary newest = known.get(0);
    return Text.safe(
        "no job runs on "
            + cluster.shown()
            + "; the newest that has ended is "
            + newest.name()
            + " ("
            + newest.id()
            + "), "
            + newest.state()
            + " since "
            + newest.changed()
            + "; see: "
            + ShellCommand.on(cluster, "jobs", "--all"));
  }
}
