package dev.trafficctl.cli.command.operations;

import dev.trafficctl.cli.command.change.ResultView;
import dev.trafficctl.cli.journal.Ended;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.journal.Step;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** An operation of the journal as it is shown. */
record OperationView(
    String id,
    String verb,
    String context,
    String flink,
    String job,
    String jobId,
    String by,
    long pid,
    String parent,
    String at,
    Map<String, String> options,
    List<StepView> steps,
    String outcome,
    String endedAt,
    String path,
    String message) {

  record StepView(String at, String name, Map<String, String> details) {
    static StepView of(Step step) {
      return new StepView(step.at().toString(), step.name(), step.details());
    }
  }

  record All(List<OperationView> operations) {}

  static OperationView of(Operation operation, Journal journal) {
    Ended ended = operation.ended();
    return new OperationView(
        operation.id(),
        operation.asked().verb(),
        operation.asked().context(),
        operation.asked().flink(),
        operation.asked().job(),
        operation.asked().jobId() == null ? null : operation.asked().jobId().text(),
        operation.by(),
        operation.pid(),
        operation.parent(),
        operation.at().toString(),
        operation.asked().options(),
        operation.steps().stream().map(StepView::of).toList(),
        ended == null
            ? journal.isRunning(operation) ? "running" : "open"
            : ResultView.word(ended.outcome()),
        ended == null ? null : ended.at().toString(),
        ended == null ? operation.detail("path").orElse(null) : ended.path(),
        ended == null ? null : ended.message());
  }

  static void print(List<OperationView> operations, Format format, PrintWriter out) {
    if (format != Format.TABLE) {
      Document.print(new All(operations), format, out);
      return;
    }
    Table table = new Table("OPERATION", "JOB", "CLUSTER", "BY", "AT", "OUTCOME", "PATH");
    for (OperationView operation : operations) {
      table.row(
          operation.id,
          operation.job,
          operation.context == null ? operation.flink : operation.context,
          operation.by,
          operation.at,
          operation.outcome,
          operation.path);
    }
    table.print(out);
  }

  /** All of one operation. */
  void print(Format format, PrintWriter out) {
    if (format != Format.TABLE) {
      Document.print(this, format, out);
      return;
    }
    Table table = new Table("AT", "WHAT", "DETAILS");
    table.row(
        at,
        "asked",
        "%s of %s (%s) on %s by %s (process %d)".formatted(verb, job, jobId, flink, by, pid));
    if (parent != null) {
      table.row("", "", "a part of " + parent);
    }
    options.forEach((name, value) -> table.row("", "", name + ": " + value));
    for (StepView step : steps) {
      table.row(step.at, step.name, step.details.isEmpty() ? "" : step.details.toString());
    }
    if (endedAt == null) {
      table.row(null, outcome, path);
    } else {
      table.row(endedAt, outcome, path);
      message.lines().forEach(line -> table.row("", "", line));
    }
    table.print(out);
  }
}
