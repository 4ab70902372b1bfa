package dev.trafficctl.cli.command.offsets;

import dev.trafficctl.cli.kafka.JobTopic;
import dev.trafficctl.cli.kafka.PartitionOffset;
import dev.trafficctl.cli.kafka.TopicOffsets;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Shows an offset for each partition. */
public final class OffsetsView {
  private OffsetsView() {}

  static void print(JobTopic topic, TopicOffsets offsets, Format format, PrintWriter out) {
    if (format != Format.TABLE) {
      Document.print(
          new OffsetsDocument(
              topic.servers(),
              topic.name(),
              offsets.toEnd(),
              offsets.notes(),
              offsets.partitions().stream().map(OffsetsView::document).toList()),
          format,
          out);
      return;
    }
    Table table =
        new Table(
            "PARTITION",
            "OFFSET",
            "EVENT-TIME",
            "TO-END",
            "LOG-START-OFFSET",
            "LOG-START-TIME",
            "LOG-END-OFFSET",
            "RETENTION-LEFT",
            "NOTE",
            "EVENT");
    for (PartitionOffset partition : offsets.partitions()) {
      table.row(
          partition.partition(),
          partition.offset(),
          partition.eventTime(),
          partition.toEnd(),
          partition.logStartOffset(),
          partition.logStartTime(),
          partition.logEndOffset(),
          partition.retentionLeft() == null ? null : Text.age(partition.retentionLeft()),
          partition.note(),
          partition.event());
    }
    table.print(out);
    boolean none = offsets.toEnd() == 0;
    out.println("to the end: " + (none ? "" : "at most ") + Text.number(offsets.toEnd()));
  }

  /** One partition as a document. */
  public static PartitionDocument document(PartitionOffset partition) {
    return new PartitionDocument(
        partition.partition(),
        partition.offset(),
        text(partition.eventTime()),
        partition.event(),
        partition.toEnd(),
        partition.logStartOffset(),
        text(partition.logStartTime()),
        partition.logEndOffset(),
        partition.retentionLeft() == null ? null : (Long) partition.retentionLeft().toMillis(),
        partition.place().name().toLowerCase(Locale.ROOT),
        partition.lost(),
        partition.note());
  }

  private static String text(Instant time) {
    return time == null ? null : time.toString();
  }

  private record OffsetsDocument(
      String kafka,
      String topic,
      long toEnd,
      List<String> notes,
      List<PartitionDocument> partitions) {}

  /**
   * A partition in a document.
   *
   * @param retentionLeftMillis null without an event, or when events are not deleted for their age
   * @param place in_log, at_end, past_end, before_log_start or no_partition
   * @param lost null when that is not known
   */
  public record PartitionDocument(
      int partition,
      Long offset,
      String eventTime,
      String event,
      Long toEnd,
      Long logStartOffset,
      String logStartTime,
      Long logEndOffset,
      Long retentionLeftMillis,
      String place,
      Long lost,
      String note) {}
}
