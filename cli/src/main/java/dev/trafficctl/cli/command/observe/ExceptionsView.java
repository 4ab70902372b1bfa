package dev.trafficctl.cli.command.observe;

import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.observe.RootCause;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Text;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Why a job failed, as it is shown. */
record ExceptionsView(String jobId, String name, String state, List<Entry> exceptions) {
  record Entry(
      String cause,
      int count,
      String first,
      String last,
      String task,
      String taskManager,
      String stackTrace) {}

  static ExceptionsView of(JobSummary job, List<RootCause> causes, boolean withTraces) {
    return new ExceptionsView(
        job.id().text(),
        job.name(),
        job.state(),
        causes.stream()
            .map(
                cause ->
                    new Entry(
                        cause.newest().cause(),
                        cause.count(),
                        cause.first().toString(),
                        cause.newest().at().toString(),
                        cause.newest().task(),
                        cause.newest().taskManager(),
                        withTraces ? cause.newest().stackTrace() : null))
            .toList());
  }

  void print(Instant now, Format format, PrintWriter out) {
    if (format != Format.TABLE) {
      Document.print(this, format, out);
      return;
    }
    String gap = "";
    for (Entry entry : exceptions) {
      out.print(gap);
      print(entry, now, out);
      gap = System.lineSeparator();
    }
  }

  private static void print(Entry entry, Instant now, PrintWriter out) {
    String repeated = entry.count == 1 ? "" : ", " + entry.count + " times since " + entry.first;
    out.println(entry.last + " (" + age(entry.last, now) + " ago)" + repeated);
    out.println("  task         " + shown(entry.task));
    out.println("  TaskManager  " + shown(entry.taskManager));
    String text = entry.stackTrace == null ? entry.cause : entry.stackTrace;
    text.lines().forEach(line -> out.println("  " + Text.safe(line)));
  }

  private static String age(String time, Instant now) {
    return Text.age(Duration.between(Instant.parse(time), now));
  }

  private static String shown(String text) {
    return text == null ? "-" : Text.safe(text);
  }
}
