package dev.trafficctl.cli.command.observe;

import dev.trafficctl.cli.observe.LogReader;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Text;
import java.io.PrintWriter;
import java.util.List;

/** The ends of logs as they are shown. */
record LogsView(List<Log> logs) {
  record Log(
      String process,
      String taskManager,
      Long bytes,
      Boolean cut,
      String problem,
      List<String> lines) {}

  static LogsView of(List<LogReader.Log> logs) {
    return new LogsView(logs.stream().map(LogsView::view).toList());
  }

  private static Log view(LogReader.Log log) {
    boolean read = log.tail() != null;
    return new Log(
        log.taskManager() == null ? "jobmanager" : "taskmanager",
        log.taskManager(),
        read ? log.tail().bytes() : null,
        read ? log.tail().cut() : null,
        log.problem(),
        read ? log.tail().lines() : null);
  }

  void print(Format format, PrintWriter out) {
    if (format != Format.TABLE) {
      Document.print(this, format, out);
      return;
    }
    for (Log log : logs) {
      if (logs.size() > 1 && log.lines != null) {
        String of = log.taskManager == null ? log.process : log.process + " " + log.taskManager;
        out.println("==> " + Text.safe(of) + " <==");
      }
      if (log.lines != null) {
        log.lines.forEach(line -> out.println(Text.safe(line)));
      }
    }
  }
}
