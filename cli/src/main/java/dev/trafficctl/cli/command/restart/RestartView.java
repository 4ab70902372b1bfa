package dev.trafficctl.cli.command.restart;

import dev.trafficctl.cli.command.change.ChangeView;
import dev.trafficctl.cli.command.change.ResultView;
import dev.trafficctl.cli.kafka.PartitionStart;
import dev.trafficctl.cli.kafka.StartPlan;
import dev.trafficctl.cli.operation.change.Plan;
import dev.trafficctl.cli.operation.change.RestartPlan;
import dev.trafficctl.cli.operation.change.Restarted;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.operation.restart.Restart;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import java.io.PrintWriter;
import java.util.List;

/** Shows the plan of a restart, and what became of it. */
public final class RestartView extends ChangeView {
  /** For results in a form. */
  public RestartView(Environment environment, Format format) {
    super(environment, format);
  }

  @Override
  public void plan(Plan plan) {
    print(plan.restart(), plan.cluster(), format, environment.out());
  }

  @Override
  public void begins(Plan plan, Session session) {
    print(plan.restart(), plan.cluster(), environment.err());
  }

  @Override
  public void ended(Plan plan, Result result) {
    ResultView.tell(result, environment);
    print(result, plan.restart().partitions(), format, environment.out());
  }

  /** A plan as a document. */
  private record PlanDocument(
      boolean planOnly,
      String verb,
      String cluster,
      String job,
      String jobId,
      String previousJobId,
      String newName,
      int parallelism,
      List<String> arguments,
      String argumentsFrom,
      String jar,
      String restore,
      List<String> steps,
      List<String> warnings,
      List<PartitionDocument> partitions,
      Long readAgain,
      Long skipped) {}

  /** A result as a document. */
  private record ResultDocument(
      String operation,
      String verb,
      String job,
      String jobId,
      String outcome,
      int exitCode,
      boolean open,
      Long checkpoint,
      String path,
      String message,
      String previousJobId,
      int parallelism,
      String restoredFrom,
      String wayBack,
      List<PartitionDocument> partitions,
      Long readAgain,
      Long skipped) {}

  /** A partition as a part of a document. */
  private record PartitionDocument(
      int partition,
      long offset,
      String eventTime,
      Long currentOffset,
      Long readAgain,
      Long skipped,
      long toEnd,
      long logStartOffset,
      String logStartTime,
      long logEndOffset) {}

  /** Shows a plan for people. */
  static void print(RestartPlan plan, String cluster, PrintWriter out) {
    out.println("on " + Text.safe(cluster) + ", as " + Text.safe(plan.source()) + " tells:");
    int number = 1;
    for (String step : plan.steps()) {
      out.println("  " + number++ + ". " + Text.safe(step));
    }
    plan.warnings().forEach(warning -> out.println("note: " + Text.safe(warning)));
    partitions(plan.partitions(), out);
    out.flush();
  }

  /** Shows a plan in a format. */
  static void print(RestartPlan plan, String cluster, Format format, PrintWriter out) {
    if (format == Format.TABLE) {
      print(plan, cluster, out);
      return;
    }
    StartPlan partitions = plan.partitions();
    String jobId = plan.before() == null ? null : plan.before().id().text();
    Document.print(
        new PlanDocument(
            true,
            Restart.VERB,
            cluster,
            plan.jobName(),
            jobId,
            jobId,
            plan.start().jobName(),
            plan.start().parallelism(),
            plan.start().arguments(),
            plan.source(),
            plan.jar().toString(),
            plan.restore(),
            plan.steps(),
            plan.warnings(),
            documents(partitions),
            partitions == null ? null : partitions.readAgain(),
            partitions == null ? null : partitions.skipped()),
        format,
        out);
  }

  /**
   * Shows what became of it; for people, the id of the new job comes last, or the way back if there
   * is no new job.
   *
   * @param planned where each partition was to be read from when the plan was shown, or null
   */
  static void print(Result result, StartPlan planned, Format format, PrintWriter out) {
    if (format != Format.TABLE) {
      Document.print(document(result), format, out);
      return;
    }
    if (result.jobId() == null) {
      if (result.path() != null) {
        out.println(Text.safe(result.path()));
      }
      return;
    }
    StartPlan partitions = result.restarted().partitions();
    if (partitions != null && partitions.equals(planned)) {
      out.println("each partition is read from where the plan says; " + sums(partitions));
    } else {
      partitions(partitions, out);
    }
    if (result.path() != null) {
      out.println("way back: " + Text.safe(result.path()));
    }
    boolean runs = result.outcome() == ExitCode.DONE;
    out.println("job " + Text.safe(result.job()) + (runs ? " runs as:" : " was started as:"));
    out.println(result.jobId());
  }

  private static ResultDocument document(Result result) {
    Restarted restarted = result.restarted();
    StartPlan partitions = restarted.partitions();
    return new ResultDocument(
        result.operation(),
        Restart.VERB,
        result.job(),
        result.jobId() == null ? null : result.jobId().text(),
        ResultView.word(result.outcome()),
        result.outcome().number(),
        result.open(),
        null,
        result.path(),
        result.message(),
        restarted.before() == null ? null : restarted.before().text(),
        restarted.parallelism(),
        restarted.from(),
        result.path(),
        documents(partitions),
        partitions == null ? null : partitions.readAgain(),
        partitions == null ? null : partitions.skipped());
  }

  private static void partitions(StartPlan plan, PrintWriter out) {
    if (plan == null) {
      return;
    }
    Table table =
        new Table(
            "PARTITION",
            "OFFSET",
            "EVENT-TIME",
            "READ-AGAIN",
            "SKIPPED",
            "TO-END",
            "LOG-START-OFFSET",
            "LOG-START-TIME",
            "LOG-END-OFFSET");
    for (PartitionStart start : plan.partitions()) {
      table.row(
          start.partition(),
          start.offset(),
          start.eventTime(),
          start.readAgain(),
          start.skipped(),
          start.toEnd(),
          start.logStartOffset(),
          start.logStartTime(),
          start.logEndOffset());
    }
    table.print(out);
    plan.notes().forEach(note -> out.println("note: " + Text.safe(note)));
    out.println(sums(plan));
  }

  private static String sums(StartPlan plan) {
    return "read again: "
        + number(plan.readAgain())
        + ", skipped: "
        + number(plan.skipped())
        + ", to the end: "
        + number(plan.toEnd());
  }

  private static String number(Long count) {
    return count == null ? "-" : Text.number(count);
  }

  private static List<PartitionDocument> documents(StartPlan plan) {
    return plan == null
        ? null
        : plan.partitions().stream()
            .map(
                start ->
                    new PartitionDocument(
                        start.partition(),
                        start.offset(),
                        start.eventTime() == null ? null : start.eventTime().toString(),
                        start.currentOffset(),
                        start.readAgain(),
                        start.skipped(),
                        start.toEnd(),
                        start.logStartOffset(),
                        start.logStartTime() == null ? null : start.logStartTime().toString(),
                        start.logEndOffset()))
            .toList();
  }
}
