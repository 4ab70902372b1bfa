package dev.trafficctl.cli.command.local;

import dev.trafficctl.cli.demo.DemoResult;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.postgres.EventRow;
import dev.trafficctl.local.StackStatus;
import java.io.PrintWriter;
import java.util.Locale;

/** The result of a demonstration, for people. */
final class DemoView {
  /** As the user called it: the launcher knows. */
  private static final String COMMAND = System.getProperty("trafficctl.command", "trafficctl");

  private static final int LONGEST_URL = 60;

  private final PrintWriter out;

  DemoView(PrintWriter out) {
    this.out = out;
  }

  void print(DemoResult result, StackStatus.Addresses at, String suffix, boolean runsOn) {
    counts(result);
    out.println();
    verdict(result);
    if (!result.sample().isEmpty()) {
      out.println();
      sample(result);
    }
    if (runsOn) {
      out.println();
      whatNext(at, suffix);
    }
  }

  private void counts(DemoResult result) {
    Table table = new Table("STAGE", "WHAT", "EVENTS");
    table.row("read", "from topic " + result.topic(), result.read());
    table.row("filter", "all rules", sum(result.filtered().values()));
    result.filtered().forEach((rule, count) -> table.row("", "  " + rule, count));
    table.row("reject", "all reasons", sum(result.rejected().values()));
    result.rejected().forEach((reason, count) -> table.row("", "  " + reason, count));
    table.row("write", "to processed_events", result.written());
    table.row("", "  of these late", result.late());
    table.print(out);
  }

  private static long sum(Iterable<Long> counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  private void verdict(DemoResult result) {
    out.println(
        result.differences().isEmpty()
            ? "read = written + filtered + rejected: Kafka's offsets, the rows in Postgres and the"
                + " job's counters agree"
            : "read = written + filtered + rejected DOES NOT HOLD, or was counted differently");
    if (result.eventsPerSecond() != null) {
      out.println(
          String.format(
              Locale.ROOT,
              "drained at %,d events/s: %,d events in %.2f s, from all tasks running (Flink) to the"
                  + " last commit (Postgres)",
              result.eventsPerSecond(),
              result.read(),
              result.drainSeconds()));
    }
    if (result.secondHalfEventsPerSecond() != null) {
      out.println(
          String.format(
              Locale.ROOT,
              "the second half of them, once Flink's JVM was warm, at %,d events/s",
              result.secondHalfEventsPerSecond()));
    }
  }

  private void sample(DemoResult result) {
    Table table = new Table("PARTITION", "OFFSET", "EVENT_TIMESTAMP", "IP", "HOST", "URL");
    for (EventRow row : result.sample()) {
      table.row(
          row.partition(), row.offset(), row.time(), row.ip(), row.host(), shortened(row.url()));
    }
    table.print(out);
  }

  private static String shortened(String url) {
    return url.length() <= LONGEST_URL ? url : url.substring(0, LONGEST_URL - 3) + "...";
  }

  private void whatNext(StackStatus.Addresses at, String suffix) {
    out.println("The job runs on:");
    out.println("  Flink     " + at.flink());
    out.println("  Kafka     " + at.kafka());
    String psql = at.postgres().replace("jdbc:", "").replace("//", "//" + at.postgresUser() + "@");
    out.println("  Postgres  " + Text.safe(psql) + "  (password in secrets.env of the stack)");
    out.println();
    out.println("Try next:");
    out.println("  " + COMMAND + " local status" + suffix);
    out.println("  " + COMMAND + " local traffic --rate 500 --bad 1" + suffix);
    out.println("  " + COMMAND + " local logs taskmanager-1 -f" + suffix);
    out.println(
        "  psql "
            + Text.safe(psql)
            + " -c 'SELECT host, count(*) FROM processed_events GROUP BY host'");
    out.println("  " + COMMAND + " local down --wipe" + suffix + "  (removes everything)");
  }
}
