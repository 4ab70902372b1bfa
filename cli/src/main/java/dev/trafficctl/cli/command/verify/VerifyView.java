package dev.trafficctl.cli.command.verify;

import dev.trafficctl.cli.command.option.DatabaseView;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.verify.Difference;
import dev.trafficctl.cli.verify.EarlierRows;
import dev.trafficctl.cli.verify.PartitionCounts;
import dev.trafficctl.cli.verify.VerifyResult;
import dev.trafficctl.kafka.LostOffsets;
import dev.trafficctl.kafka.ReadingGaps;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Shows what came of a check. */
final class VerifyView {
  private VerifyView() {}

  static void print(VerifyResult result, DatabaseView database, Format format, PrintWriter out) {
    if (format != Format.TABLE) {
      Document.print(document(result, database), format, out);
      return;
    }
    partitions(result, out);
    if (!result.scope().lost().isEmpty()) {
      out.println();
      result.scope().lost().forEach(lost -> out.println(lost.words()));
    }
    if (!result.differences().isEmpty() || !result.beyond().isEmpty()) {
      out.println();
      differences(result, out);
    }
    out.println();
    out.println(verdict(result));
  }

  private static void partitions(VerifyResult result, PrintWriter out) {
    Table table =
        new Table(
            "PARTITION",
            "FROM",
            "TO",
            "CHECKED-TO",
            "READ",
            "WRITTEN",
            "FILTERED",
            "REJECTED",
            "MISSING",
            "UNEXPECTED",
            "DUPLICATE",
            "ALTERED");
    for (VerifyResult.Partition partition : result.partitions()) {
      PartitionCounts counts = partition.counts();
      row(
          table,
          Integer.toString(partition.number()),
          partition.from(),
          partition.to(),
          partition.checkedTo(),
          counts);
    }
    row(table, "all", null, null, null, result.total());
    table.print(out);
  }

  private static void row(
      Table table, String name, Long from, Long to, Long checkedTo, PartitionCounts counts) {
    table.row(
        name,
        from,
        to,
        checkedTo,
        counts.read(),
        counts.written(),
        counts.filtered(),
        counts.rejected(),
        counts.missing(),
        counts.unexpected(),
        counts.duplicate(),
        counts.altered());
  }

  private static void differences(VerifyResult result, PrintWriter out) {
    Table table = new Table("DIFFERENCE", "TABLE", "PLACE", "WHAT");
    Stream.concat(result.differences().stream(), result.beyond().stream())
        .forEach(
            difference ->
                table.row(
                    word(difference),
                    difference.table(),
                    place(result, difference),
                    what(difference)));
    table.print(out);
    long more = result.total().differences() - result.differences().size();
    if (more > 0) {
      out.println("and " + Text.number(more) + " more; show them with --limit");
    }
  }

  private static String word(Difference difference) {
    return difference.kind().name().toLowerCase(Locale.ROOT);
  }

  private static String place(VerifyResult result, Difference difference) {
    return result.topic() + "/" + difference.partition() + "/" + difference.offset();
  }

  private static String what(Difference difference) {
    String changes =
        difference.changes().stream()
            .map(
                change ->
                    change.column()
                        + " is "
                        + quoted(change.stored())
                        + ", should be "
                        + quoted(change.expected()))
            .collect(Collectors.joining("; "));
    return changes.isEmpty()
        ? difference.why()
        : difference.why().isEmpty() ? changes : changes + ": " + difference.why();
  }

  private static String quoted(String value) {
    return value == null ? "null" : "'" + value + "'";
  }

  private static String verdict(VerifyResult result) {
    PartitionCounts total = result.total();
    String law =
        "read %s %s written %s + filtered %s + rejected %s"
            .formatted(
                Text.number(total.read()),
                total.lawHolds() ? "=" : "is not",
                Text.number(total.written()),
                Text.number(total.filtered()),
                Text.number(total.rejected()));
    double seconds = result.took().toMillis() / 1e3;
    String speed =
        String.format(
            Locale.ROOT,
            "; %.1f s, %,d events/s",
            seconds,
            Math.round(total.read() / Math.max(0.001, seconds)));
    if (result.holds()) {
      return law
          + (result.finished() ? ", and every row is equal" : " up to where it was checked")
          + speed;
    }
    boolean onlyLost = total.differences() == 0 && result.beyond().isEmpty();
    String what = onlyLost ? "offsets that were never read" : "differences";
    return law + (total.lawHolds() ? ", but there are " + what : "") + speed;
  }

  /** Why a check does not hold, in one line. */
  static String failure(VerifyResult result) {
    long rows = result.total().differences();
    String differ = Text.number(rows) + (rows == 1 ? " row is" : " rows are");
    if (!result.scope().lost().isEmpty()) {
      return result.scope().lost().stream()
              .map(LostOffsets::words)
              .collect(Collectors.joining("; "))
          + "; "
          + ReadingGaps.UNKNOWABLE
          + (rows == 0 ? "" : "; and " + differ + " not as they should be");
    }
    if (rows == 0) {
      return "there are rows behind the end of Kafka's log";
    }
    return differ + " not as Kafka and the job's settings have it" + cause(result);
  }

  /** What is behind it, as far as the rows tell. */
  private static String cause(VerifyResult result) {
    if (result.replaced() > 0) {
      return "; at %s Kafka's record has another timestamp than the row: Kafka's log is not the one that was read there (it was cut off and has grown again, as after an unclean leader election or with a restored broker), and the events there now were never stored"
          .formatted(
              result.replaced() == 1 ? "1 offset" : Text.number(result.replaced()) + " offsets");
    }
    // No other settings explain a row that is not there any more.
    return result.total().missing() > 0
        ? ""
        : "; if other settings wrote older rows, give --from where the present ones began";
  }

  private static View document(VerifyResult result, DatabaseView database) {
    return new View(
        result.topic(),
        result.topicId(),
        result.source(),
        database,
        result.scope().from(),
        result.scope().to(),
        result.finished(),
        result.holds(),
        result.problem(),
        result.took().toMillis(),
        Counts.of(result.total()),
        result.partitions().stream()
            .map(
                partition ->
                    new Partition(
                        partition.number(),
                        partition.from(),
                        partition.to(),
                        partition.checkedTo(),
                        Counts.of(partition.counts())))
            .toList(),
        result.differences().stream().map(VerifyView::row).toList(),
        result.beyond().stream().map(VerifyView::row).toList(),
        result.scope().lost().stream()
            .map(lost -> new Lost(lost.partition(), lost.first(), lost.last()))
            .toList(),
        result.scope().heldBack().entrySet().stream()
            .map(
                held ->
                    new Held(
                        held.getKey(),
                        held.getValue().lastStableOffset(),
                        held.getValue().logEndOffset()))
            .toList(),
        result.judgedOtherwise(),
        result.earlier(),
        result.notes());
  }

  private static Row row(Difference difference) {
    return new Row(
        word(difference),
        difference.table(),
        difference.partition(),
        difference.offset(),
        difference.why(),
        difference.changes());
  }

  /**
   * The document.
   *
   * @param source null if no job has ever read the topic
   * @param postgres the database with which Kafka was compared
   * @param from where the range begins, in words
   * @param to where it ends, in words
   * @param finished whether the whole range was checked
   * @param holds whether all that was checked is as it should be
   * @param problem why it was not finished, or null
   * @param beyond the last row of each partition and table that has rows behind the end of the log
   * @param lost what Kafka deleted before the job had read it
   * @param judgedOtherwise as {@link VerifyResult#judgedOtherwise}
   * @param earlierRows as {@link VerifyResult#earlier}
   * @param heldBack the partitions in which events wait behind an open transaction, which nobody
   *     can compare
   */
  private record View(
      String topic,
      String topicId,
      Short source,
      DatabaseView postgres,
      String from,
      String to,
      boolean finished,
      boolean holds,
      String problem,
      long durationMillis,
      Counts total,
      List<Partition> partitions,
      List<Row> differences,
      List<Row> beyond,
      List<Lost> lost,
      List<Held> heldBack,
      SortedMap<String, Long> judgedOtherwise,
      List<EarlierRows> earlierRows,
      List<String> notes) {}

  private record Held(int partition, long lastStableOffset, long logEndOffset) {}

  private record Lost(int partition, long firstOffset, long lastOffset) {}

  private record Partition(int partition, long from, long to, long checkedTo, Counts counts) {}

  private record Counts(
      long read,
      long written,
      long filtered,
      long rejected,
      long missing,
      long unexpected,
      long duplicate,
      long altered,
      long unchecked,
      long refused) {
    static Counts of(PartitionCounts counts) {
      return new Counts(
          counts.read(),
          counts.written(),
          counts.filtered(),
          counts.rejected(),
          counts.missing(),
          counts.unexpected(),
          counts.duplicate(),
          counts.altered(),
          counts.unchecked(),
          counts.refused());
    }
  }

  private record Row(
      String kind,
      String table,
      int partition,
      long offset,
      String why,
      List<Difference.Change> changes) {}
}
