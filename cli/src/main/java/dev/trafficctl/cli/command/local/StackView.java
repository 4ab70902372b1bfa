package dev.trafficctl.cli.command.local;

import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.local.StackStatus;
import java.io.PrintWriter;
import java.util.List;

/** A stack as it is shown: nothing that is secret is part of it. */
record StackView(List<StackStatus.Part> parts, Addresses addresses) {
  record Addresses(String kafka, String postgres, String postgresUser, String flink) {}

  static void print(StackStatus status, Format format, PrintWriter out) {
    StackStatus.Addresses at = status.addresses();
    StackView view =
        new StackView(
            status.parts(),
            at == null
                ? null
                : new Addresses(at.kafka(), at.postgres(), at.postgresUser(), at.flink()));
    if (format != Format.TABLE) {
      Document.print(view, format, out);
      return;
    }
    Table table = new Table("NAME", "STATE", "PID", "ADDRESS");
    for (StackStatus.Part part : view.parts) {
      String pid = part.pid() == null ? null : part.pid().toString();
      table.row(part.name(), part.state(), pid, part.address());
    }
    table.print(out);
  }
}
