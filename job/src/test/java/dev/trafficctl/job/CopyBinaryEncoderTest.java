package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.model.GivenValues;
import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.Tables;
import dev.trafficctl.model.WebEvent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class CopyBinaryEncoderTest {
  private static final String HEADER = "5047434f50590aff0d0a00" + "00000000" + "00000000";
  private static final String TRAILER = "ffff";

  private final CopyBinaryEncoder encoder = new CopyBinaryEncoder(16);

  @Example
  void encodesEveryColumnOfARow() throws SQLException {
    encoder.append(
        new ProcessedEvent(
            (short) 258,
            3,
            4_294_967_296L,
            946_684_800_001L,
            true,
            new WebEvent(
                new byte[] {(byte) 192, 0, 2, 1},
                946_684_800_000_002L,
                "é",
                "h",
                "/€",
                "{}",
                "😀")));

    assertThat(fields(encoded(0, 1)))
        .hasSize(Tables.EVENTS.written().size())
        .startsWith(
            "0102",
            "00000003",
            "0000000100000000",
            "00000000000003e8",
            "02200004" + "c0000201",
            "0000000000000002",
            "c3a9",
            "68",
            "2fe282ac",
            "01" + "7b7d",
            "f09f9880",
            "01");
  }

  @Example
  void encodesNullsAndAnIpv6Address() throws SQLException {
    byte[] ip = HexFormat.of().parseHex("20010db8000000000000000000000001");
    encoder.append(
        new ProcessedEvent(
            (short) 1, 0, 0, -1, false, new WebEvent(ip, 0, null, "", "", null, null)));

    assertThat(fields(encoded(0, 1)))
        .hasSize(Tables.EVENTS.written().size())
        .startsWith(
            "0001",
            "00000000",
            "0000000000000000",
            null,
            "03800010" + "20010db8000000000000000000000001",
            "fffca2fec4c82000",
            null,
            "",
            "",
            null,
            null,
            "00");
  }

  @Example
  void loneSurrogateStaysInvalid() throws SQLException {
    encoder.append(ProcessedEvents.at(0, "\uD83D/"));

    assertThat(encoded(0, 1)).contains("00000004" + "eda0bd" + "2f");
  }

  @Example
  void timestampBeyondTheRangeIsNotInfinity() throws SQLException {
    encoder.append(ProcessedEvents.at(0, withEventTime(Long.MIN_VALUE + 946_684_800_000_000L)));
    encoder.append(ProcessedEvents.at(0, withEventTime(Long.MIN_VALUE)));

    assertThat(encoded(0, 1)).contains("00000008" + "8000000000000001");
    assertThat(encoded(1, 2)).contains("00000008" + "8000000000000001");
  }

  @Example
  void kafkaTimestampBeyondTheRangeIsNull() {
    encoder.append(
        new ProcessedEvent(
            (short) 1, 0, 0, 9_224_318_015_999_999L, false, ProcessedEvents.at(0).event()));
    encoder.append(
        new ProcessedEvent(
            (short) 1, 0, 1, 9_224_318_016_000_000L, false, ProcessedEvents.at(0).event()));

    assertThat(encoder.place(0).kafkaTimestamp()).isEqualTo(9_224_318_015_999_999L);
    assertThat(encoder.place(1).kafkaTimestamp()).isEqualTo(-1);
  }

  @Example
  void writesAPartOfTheRows() throws SQLException {
    CopyBinaryEncoder one = new CopyBinaryEncoder(16);
    one.append(ProcessedEvents.at(1));
    ProcessedEvents.many(3).forEach(encoder::append);

    assertThat(encoded(1, 2)).isEqualTo(encoded(one, 0, 1));
    assertThat(encoded(0, 3))
        .isEqualTo(
            HEADER + rows(encoded(0, 1)) + rows(encoded(1, 2)) + rows(encoded(2, 3)) + TRAILER);
  }

  @Example
  void holdsNothingAfterClear() throws SQLException {
    encoder.append(ProcessedEvents.at(1));
    String before = encoded(0, 1);
    encoder.append(ProcessedEvents.at(2));

    encoder.clear();

    assertThat(encoder.rows()).isZero();
    assertThat(encoder.bytes()).isZero();
    encoder.append(ProcessedEvents.at(1));
    assertThat(encoded(0, 1)).isEqualTo(before);
    assertThat(encoder.bytes()).isEqualTo(rows(before).length() / 2);
  }

  @Property(tries = 100)
  void readsBackWhatItWrote(
      @ForAll short source,
      @ForAll int partition,
      @ForAll long offset,
      @ForAll @LongRange(min = -1, max = 9_224_318_015_999_999L) long kafkaTimestamp,
      @ForAll boolean late,
      @ForAll @Size(16) byte[] ip,
      @ForAll @LongRange(min = -62_135_596_800_000_000L) long eventTimeMicros,
      @ForAll String[] texts) {
    String some = texts.length == 0 ? null : valid(texts[0]);
    String other = texts.length < 2 ? "" : valid(texts[1]);
    ProcessedEvent row =
        new ProcessedEvent(
            source,
            partition,
            offset,
            kafkaTimestamp,
            late,
            new WebEvent(ip, eventTimeMicros, some, other, other, some, some));

    CopyBinaryEncoder batch = new CopyBinaryEncoder(16);
    batch.append(ProcessedEvents.at(0));
    batch.append(row);
    batch.append(ProcessedEvents.at(1));

    assertThat(batch.place(1))
        .isEqualTo(new CopyBinaryEncoder.Place(source, partition, offset, kafkaTimestamp));
    GivenValues written = new GivenValues();
    Tables.EVENTS.written().forEach(column -> column.value().give(row, written));
    GivenValues read = new GivenValues();
    batch.read(1, read);
    assertThat(read.all()).isEqualTo(written.all());
  }

  private static String valid(String text) {
    return text.replaceAll("\\p{Cs}", "");
  }

  private static WebEvent withEventTime(long micros) {
    return new WebEvent(new byte[4], micros, null, "", "", null, null);
  }

  private String encoded(int from, int to) throws SQLException {
    return encoded(encoder, from, to);
  }

  private static String encoded(CopyBinaryEncoder encoder, int from, int to) throws SQLException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    encoder.writeTo(bytes::write, from, to);
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  /** The fields of the one row that is encoded; null for a null. */
  private static List<String> fields(String encoded) {
    ByteBuffer row = ByteBuffer.wrap(HexFormat.of().parseHex(rows(encoded)));
    assertThat(encoded).isEqualTo(HEADER + HexFormat.of().formatHex(row.array()) + TRAILER);
    int count = row.getShort();
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = row.getInt();
      byte[] field = new byte[Math.max(0, length)];
      row.get(field);
      fields.add(length == -1 ? null : HexFormat.of().formatHex(field));
    }
    assertThat(row.hasRemaining()).isFalse();
    return fields;
  }

  private static String rows(String encoded) {
    return encoded.substring(HEADER.length(), encoded.length() - TRAILER.length());
  }
}
