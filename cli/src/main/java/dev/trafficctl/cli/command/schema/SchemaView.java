package dev.trafficctl.cli.command.schema;

import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.postgres.SchemaTables;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.Tables;
import dev.trafficctl.schema.SchemaPlan;
import java.io.PrintWriter;
import java.util.List;
import java.util.SortedMap;

/** How the schema of tables is shown. */
final class SchemaView {
  private SchemaView() {}

  /**
   * What the tables are like, as programs get it.
   *
   * @param table the name of the table of events
   * @param tables those that are there, with their schemas, by their plain names
   * @param version the version of the schema that they are of, or null if there are none
   * @param recorded whether Flyway has recorded it; if not, it is the one whose columns they have
   * @param known the newest version that this program knows
   * @param problems what the tables lack, a line each
   */
  record State(
      String table,
      SortedMap<String, String> tables,
      Integer version,
      boolean recorded,
      int known,
      List<String> problems) {}

  static void state(TableNames names, SchemaTables.State state, Format format, PrintWriter out) {
    State view =
        new State(
            names.events(),
            state.tables(),
            number(state.version().number()),
            state.version().recorded(),
            Tables.VERSION,
            state.problems());
    if (format != Format.TABLE) {
      Document.print(view, format, out);
      return;
    }
    new Table("TABLE", "VERSION", "RECORDED", "KNOWN", "PROBLEMS")
        .row(
            view.tables().getOrDefault(view.table(), view.table()),
            view.version(),
            view.recorded() ? "yes" : "no",
            view.known(),
            view.problems().size())
        .print(out);
    view.problems().forEach(line -> out.println(Text.safe(line)));
  }

  /**
   * What is done with the tables, as programs get it.
   *
   * @param table the name of the table of events
   * @param schema the schema of the database that they are in
   * @param from the version of the schema that they were of, or null if there were none
   * @param to the version that they are of then
   * @param takenOver whether they were made without Flyway, which records them now
   * @param applied the files of SQL, in their order
   */
  record Applied(
      String table, String schema, Integer from, int to, boolean takenOver, List<String> applied) {}

  static void plan(TableNames names, SchemaPlan plan, Format format, PrintWriter out) {
    print(names, plan, "TO APPLY", format, out);
  }

  static void applied(TableNames names, SchemaPlan plan, Format format, PrintWriter out) {
    print(names, plan, "APPLIED", format, out);
  }

  private static void print(
      TableNames names, SchemaPlan plan, String heading, Format format, PrintWriter out) {
    Applied view =
        new Applied(
            names.events(),
            plan.place(),
            number(plan.found().number()),
            Tables.VERSION,
            plan.takesOver(),
            plan.files());
    if (format != Format.TABLE) {
      Document.print(view, format, out);
      return;
    }
    new Table("SCHEMA", "TABLE", "FROM", "TO", "TAKEN OVER", heading)
        .row(
            view.schema(),
            view.table(),
            view.from(),
            view.to(),
            view.takenOver() ? "yes" : "no",
            view.applied().isEmpty() ? null : String.join(", ", view.applied()))
        .print(out);
  }

  private static Integer number(int version) {
    return version == 0 ? null : version;
  }
}
