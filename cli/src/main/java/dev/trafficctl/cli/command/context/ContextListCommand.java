package dev.trafficctl.cli.command.context;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.trafficctl.cli.command.option.ContextsOption;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.context.Configuration;
import dev.trafficctl.cli.context.Context;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.local.StackStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code trafficctl context list}. */
@Command(
    name = "list",
    description = {
      "Lists the contexts, with a star at the one that commands use now.",
      "local is among them while there is a local stack."
    },
    footer = {"%nExample:", "  trafficctl context list"})
public final class ContextListCommand implements Runnable {
  private final Environment environment;
  @Mixin ContextsOption contexts;
  @Mixin FormatOption output;

  ContextListCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    List<Row> rows = rows();
    if (output.format() != Format.TABLE) {
      Document.print(new Result(rows), output.format(), environment.out());
      return;
    }
    Table table = new Table("CURRENT", "NAME", "FLINK", "JOB", "PROTECTED");
    for (Row row : rows) {
      table.row(
          row.current ? "*" : "", row.name, row.flink, row.job, row.isProtected ? "yes" : "no");
    }
    table.print(environment.out());
  }

  private List<Row> rows() {
    String chosen = contexts.chosen();
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<String, Context> entry : contexts.file().read().contexts().entrySet()) {
      String name = entry.getKey();
      Context context = entry.getValue();
      rows.add(
          new Row(
              name,
              name.equals(chosen),
              context.flink().url(),
              context.job(),
              context.isProtected()));
    }
    StackStatus.Addresses local = contexts.local();
    if (local != null) {
      boolean current = Configuration.LOCAL.equals(chosen);
      rows.add(new Row(Configuration.LOCAL, current, local.flink(), null, false));
    }
    return rows;
  }

  private record Row(
      String name,
      boolean current,
      String flink,
      String job,
      @JsonProperty("protected") boolean isProtected) {}

  private record Result(List<Row> contexts) {}
}
