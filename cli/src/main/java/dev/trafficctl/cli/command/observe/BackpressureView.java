package dev.trafficctl.cli.command.observe;

import dev.trafficctl.cli.flink.Backpressure;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.observe.VertexBackpressure;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import java.io.PrintWriter;
import java.util.List;

/** The backpressure of a job as it is shown. */
record BackpressureView(String jobId, String name, List<JobVertex> vertices) {
  record JobVertex(String vertexId, String name, String level, List<Subtask> subtasks) {}

  record Subtask(int subtask, Double backpressured, Double idle, Double busy) {}

  static BackpressureView of(JobSummary job, List<VertexBackpressure> vertices) {
    return new BackpressureView(
        job.id().text(), job.name(), vertices.stream().map(BackpressureView::view).toList());
  }

  private static JobVertex view(VertexBackpressure vertex) {
    return new JobVertex(
        vertex.vertex().id(),
        vertex.vertex().name(),
        vertex.backpressure().level(),
        vertex.backpressure().subtasks().stream().map(BackpressureView::view).toList());
  }

  private static Subtask view(Backpressure.Subtask subtask) {
    return new Subtask(
        subtask.subtask(),
        known(subtask.backpressured()),
        known(subtask.idle()),
        known(subtask.busy()));
  }

  private static Double known(double share) {
    return Double.isNaN(share) ? null : (Double) share;
  }

  void print(Format format, PrintWriter out) {
    if (format != Format.TABLE) {
      Document.print(this, format, out);
      return;
    }
    Table table = new Table("TASK", "SUBTASK", "LEVEL", "BACKPRESSURED", "IDLE", "BUSY");
    for (JobVertex vertex : vertices) {
      if (vertex.subtasks.isEmpty()) {
        table.row(vertex.name, null, vertex.level, null, null, null);
      }
      for (Subtask subtask : vertex.subtasks) {
        boolean first = subtask == vertex.subtasks.get(0);
        table.row(
            first ? vertex.name : "",
            subtask.subtask,
            first ? vertex.level : "",
            percent(subtask.backpressured),
            percent(subtask.idle),
            percent(subtask.busy));
      }
    }
    table.print(out);
  }

  private static String percent(Double share) {
    return share == null ? null : Math.round(share * 100) + "%";
  }
}
