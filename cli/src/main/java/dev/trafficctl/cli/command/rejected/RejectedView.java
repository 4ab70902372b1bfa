package dev.trafficctl.cli.command.rejected;

import dev.trafficctl.cli.command.option.DatabaseView;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.postgres.RejectedGroup;
import dev.trafficctl.cli.postgres.RejectedRow;
import dev.trafficctl.cli.process.Environment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Rejected events as they are shown. */
record RejectedView(String topic, DatabaseView postgres, Format format, Environment environment) {
  /** So much of a payload, in UTF-16 units, stands in a table. */
  private static final int SHOWN = 400;

  void groups(List<RejectedGroup> groups, int limit) {
    List<RejectedGroup> shown = groups.subList(0, Math.min(limit, groups.size()));
    long total = groups.stream().mapToLong(RejectedGroup::count).sum();
    if (format != Format.TABLE) {
      Document.print(
          new Groups(topic, postgres, total, shown.stream().map(Group::of).toList()),
          format,
          environment.out());
      return;
    }
    table(shown).print(environment.out());
    environment.out().println();
    environment.out().println("total: " + Text.number(total));
    if (shown.size() < groups.size()) {
      say("and %d more kinds; show them with --limit".formatted(groups.size() - shown.size()));
    }
  }

  static Table table(List<RejectedGroup> groups) {
    Table table =
        new Table("REASON", "COUNT", "FIRST", "LAST", "FIRST-TIME", "LAST-TIME", "DETAIL");
    groups.forEach(
        group ->
            table.row(
                group.reason(),
                group.count(),
                group.first(),
                group.last(),
                group.firstTime(),
                group.lastTime(),
                group.detail()));
    return table;
  }

  void rows(List<RejectedRow> rows, boolean payload, boolean more) {
    if (format != Format.TABLE) {
      Document.print(
          new Rows(topic, postgres, rows.stream().map(row -> Row.of(row, payload)).toList(), more),
          format,
          environment.out());
      return;
    }
    Table table =
        payload
            ? new Table("SOURCE", "PLACE", "TIME", "REASON", "DETAIL", "BYTES", "PAYLOAD")
            : new Table("SOURCE", "PLACE", "TIME", "REASON", "DETAIL", "BYTES");
    for (RejectedRow row : rows) {
      String place = row.partition() + "/" + row.offset();
      int source = row.source();
      if (payload) {
        table.row(
            source,
            place,
            row.kafkaTimestamp(),
            row.reason(),
            row.detail(),
            row.payloadBytes(),
            cut(row.payload()));
      } else {
        table.row(
            source, place, row.kafkaTimestamp(), row.reason(), row.detail(), row.payloadBytes());
      }
    }
    table.print(environment.out());
    if (more) {
      say("there are more; show them with --limit");
    }
  }

  private void say(String words) {
    environment.err().println(words);
  }

  private static String text(Object time) {
    return time == null ? null : time.toString();
  }

  private static String cut(byte[] payload) {
    if (payload == null) {
      return null;
    }
    String text = new String(payload, StandardCharsets.UTF_8);
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  /**
   * Rejected events in groups.
   *
   * @param total how many there are in all groups, shown or not
   */
  record Groups(String topic, DatabaseView postgres, long total, List<Group> groups) {}

  /** A group. */
  record Group(
      String reason,
      String detail,
      long count,
      int firstPartition,
      long firstOffset,
      int lastPartition,
      long lastOffset,
      String firstTime,
      String lastTime) {
    static Group of(RejectedGroup group) {
      return new Group(
          group.reason(),
          group.detail(),
          group.count(),
          group.first().partition(),
          group.first().offset(),
          group.last().partition(),
          group.last().offset(),
          text(group.firstTime()),
          text(group.lastTime()));
    }
  }

  /**
   * Rows.
   *
   * @param more whether there are more than these
   */
  record Rows(String topic, DatabaseView postgres, List<Row> rows, boolean more) {}

  /**
   * A row.
   *
   * @param payload the payload if it is UTF-8
   * @param payloadBase64 the payload if it is not
   */
  record Row(
      int source,
      int partition,
      long offset,
      String kafkaTimestamp,
      String reason,
      String detail,
      int payloadBytes,
      String rejectedAt,
      String payload,
      String payloadBase64) {
    static Row of(RejectedRow row, boolean withPayload) {
      byte[] bytes = withPayload ? row.payload() : null;
      String text = bytes == null ? null : utf8(bytes);
      return new Row(
          row.source(),
          row.partition(),
          row.offset(),
          text(row.kafkaTimestamp()),
          row.reason(),
          row.detail(),
          row.payloadBytes(),
          text(row.rejectedAt()),
          text,
          bytes == null || text != null ? null : Base64.getEncoder().encodeToString(bytes));
    }

    private static String utf8(byte[] bytes) {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException e) {
        return null;
      }
    }
  }
}
