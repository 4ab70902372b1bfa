package dev.trafficctl.cli.command.lag;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.trafficctl.cli.kafka.OpenTransaction;
import dev.trafficctl.cli.lag.LagFigures;
import dev.trafficctl.cli.lag.LagReading;
import dev.trafficctl.cli.lag.LagReport;
import dev.trafficctl.cli.lag.PartitionLag;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The lag as it is shown. */
record LagView(
    String at,
    String job,
    String jobId,
    Boolean running,
    String group,
    List<Partition> partitions,
    Figures total,
    List<String> notes) {

  record Partition(
      String topic,
      int partition,
      Long logStartOffset,
      Long logEndOffset,
      Long committedOffset,
      Long checkpointedOffset,
      Long liveOffset,
      String nextEventTime,
      Long lastStableOffset,
      Open openTransaction,
      @JsonUnwrapped Figures figures) {}

  record Open(String transactionalId, Long producerId, String since, Long ageMillis) {
    static Open of(OpenTransaction open, Instant now) {
      return open == null
          ? null
          : new Open(
              open.transactionalId(),
              open.producerId(),
              text(open.since()),
              open.since() == null
                  ? null
                  : (Long) Math.max(0, Duration.between(open.since(), now).toMillis()));
    }
  }

  record Figures(
      Long committedLag,
      Long checkpointedLag,
      Long liveLag,
      Long lag,
      Long timeLagMillis,
      Double rateIn,
      Double rateOut,
      String trend,
      Long etaMillis,
      Long retentionLeftMillis) {
    static Figures of(LagFigures figures) {
      return new Figures(
          figures.committedLag(),
          figures.checkpointedLag(),
          figures.liveLag(),
          figures.lag(),
          millis(figures.timeLag()),
          rounded(figures.rateIn()),
          rounded(figures.rateOut()),
          figures.trend() == null ? null : figures.trend().words(),
          millis(figures.eta()),
          millis(figures.retentionLeft()));
    }
  }

  static LagView of(LagReport report) {
    LagReading reading = report.reading();
    return new LagView(
        reading.at().toString(),
        reading.jobName(),
        reading.jobId(),
        reading.running(),
        reading.group(),
        report.partitions().stream().map(each -> partition(each, reading.at())).toList(),
        Figures.of(report.total()),
        report.notes());
  }

  private static Partition partition(PartitionLag each, Instant now) {
    LagReading.Partition known = each.known();
    return new Partition(
        each.at().topic(),
        each.at().partition(),
        known.start(),
        known.end(),
        known.committed(),
        known.checkpointed(),
        known.live(),
        text(known.nextEvent()),
        known.stable(),
        Open.of(known.open(), now),
        Figures.of(each.figures()));
  }

  private static Long millis(Duration time) {
    return time == null ? null : time.toMillis();
  }

  /** To thousandths: more than that is noise. */
  private static Double rounded(Double rate) {
    return rate == null ? null : Math.round(rate * 1_000) / 1_000.0;
  }

  private static String text(Instant time) {
    return time == null ? null : time.toString();
  }

  private static String age(Long millis) {
    return millis == null ? null : Text.age(Duration.ofMillis(millis));
  }

  /** A rate with one digit behind the point, such as {@code 1,234.5}. */
  static String rate(Double rate) {
    return rate == null ? null : String.format(Locale.ROOT, "%,.1f", rate);
  }

  /**
   * Prints it.
   *
   * @param wide whether a table has all columns
   */
  void print(Format format, boolean wide, PrintWriter out) {
    if (format != Format.TABLE) {
      Document.print(this, format, out);
      return;
    }
    List<Column> columns = columns(wide);
    Table table = new Table(columns.stream().map(Column::name).toArray(String[]::new));
    for (Partition each : partitions) {
      table.row(columns.stream().map(column -> column.of.apply(each)).toArray());
    }
    table.print(out);
    out.println("total: " + Text.safe(sentence()));
  }

  private record Column(String name, Function<Partition, Object> of) {}

  private List<Column> columns(boolean wide) {
    boolean severalTopics =
        partitions.stream().map(Partition::topic).distinct().limit(2).count() > 1;
    List<Column> columns = new ArrayList<>();
    if (wide) {
      columns.add(new Column("GROUP", each -> group));
    }
    if (wide || severalTopics) {
      columns.add(new Column("TOPIC", Partition::topic));
    }
    columns.add(new Column("PARTITION", Partition::partition));
    if (wide) {
      columns.add(new Column("LOG-START-OFFSET", Partition::logStartOffset));
    }
    columns.add(new Column("CURRENT-OFFSET", Partition::committedOffset));
    columns.add(new Column("LOG-END-OFFSET", Partition::logEndOffset));
    if (wide || partitions.stream().anyMatch(each -> each.openTransaction != null)) {
      columns.add(new Column("LAST-STABLE-OFFSET", Partition::lastStableOffset));
    }
    columns.add(new Column("LAG", each -> each.figures.committedLag));
    if (wide) {
      columns.add(new Column("CHECKPOINTED-OFFSET", Partition::checkpointedOffset));
      columns.add(new Column("CHECKPOINTED-LAG", each -> each.figures.checkpointedLag));
      columns.add(new Column("LIVE-OFFSET", Partition::liveOffset));
    }
    columns.add(new Column("LIVE-LAG", each -> each.figures.liveLag));
    columns.add(new Column("TIME-LAG", each -> age(each.figures.timeLagMillis)));
    columns.add(new Column("RATE-IN", each -> rate(each.figures.rateIn)));
    columns.add(new Column("RATE-OUT", each -> rate(each.figures.rateOut)));
    columns.add(new Column("TREND", each -> each.figures.trend));
    columns.add(new Column("ETA", each -> age(each.figures.etaMillis)));
    if (wide) {
      columns.add(new Column("RETENTION-LEFT", each -> age(each.figures.retentionLeftMillis)));
    }
    return columns;
  }

  /** All partitions together in one line. */
  String sentence() {
    return "lag "
        + number(total.lag)
        + ", time lag "
        + known(age(total.timeLagMillis))
        + ", in "
        + known(rate(total.rateIn))
        + "/s, out "
        + known(rate(total.rateOut))
        + "/s, "
        + (total.trend == null ? "trend -" : total.trend)
        + (total.etaMillis == null ? "" : ", caught up in " + age(total.etaMillis))
        + (total.retentionLeftMillis == null
            ? ""
            : ", Kafka keeps the next event for " + age(total.retentionLeftMillis));
  }

  private static String number(Long number) {
    return number == null ? "-" : Text.number(number);
  }

  private static String known(String text) {
    return text == null ? "-" : text;
  }
}
