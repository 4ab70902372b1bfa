package dev.trafficctl.cli.command.savepoint;

import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.state.KnownState;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Shows checkpoints and savepoints. */
final class StatesView {
  private StatesView() {}

  static void print(
      List<KnownState> states, String name, Instant now, Format format, PrintWriter out) {
    if (format != Format.TABLE) {
      Document.print(Map.of(name, states.stream().map(StatesView::result).toList()), format, out);
      return;
    }
    Table table =
        new Table(
            "ID",
            "TYPE",
            "STATUS",
            "AGE",
            "DURATION",
            "SIZE",
            "JOB",
            "WHERE",
            "RESTORABLE",
            "PATH",
            "PROBLEM");
    for (KnownState state : states) {
      table.row(
          state.id(),
          type(state),
          state.status(),
          Text.age(Duration.between(state.at(), now)),
          state.duration() == null ? null : duration(state.duration()),
          state.bytes() == null ? null : Text.bytes(state.bytes()),
          state.jobName() == null ? state.jobId() : state.jobName(),
          where(state),
          state.restorable() == null ? null : state.restorable() ? "yes" : "no",
          state.path(),
          state.problem() == null ? state.note() : firstLine(state.problem()));
    }
    table.print(out);
  }

  private static String type(KnownState state) {
    return state.savepoint() ? "savepoint" : "checkpoint";
  }

  private static String where(KnownState state) {
    if (state.remembered()) {
      return state.stored() ? "flink, storage" : "flink";
    }
    return "storage";
  }

  private static String duration(Duration time) {
    return time.toSeconds() > 0 ? Text.age(time) : time.toMillis() + "ms";
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private static Result result(KnownState state) {
    return new Result(
        state.id(),
        type(state),
        state.status(),
        state.jobId(),
        state.jobName(),
        state.at().toString(),
        state.duration() == null ? null : (Long) state.duration().toMillis(),
        state.bytes(),
        state.path(),
        state.remembered(),
        state.stored(),
        state.restorable(),
        state.problem(),
        state.note());
  }

  /**
   * A checkpoint or savepoint in a document.
   *
   * @param durationMillis null if Flink does not remember it
   * @param inFlink whether Flink remembers it
   * @param inStorage whether it was seen in storage
   * @param restorable null if that cannot be seen from this machine
   * @param note of which job it is where that matters, or null
   */
  private record Result(
      Long id,
      String type,
      String status,
      String jobId,
      String jobName,
      String at,
      Long durationMillis,
      Long bytes,
      String path,
      boolean inFlink,
      boolean inStorage,
      Boolean restorable,
      String problem,
      String note) {}
}
