package dev.trafficctl.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.trafficctl.model.StoredValues;
import dev.trafficctl.model.Tables;
import dev.trafficctl.model.WebEvent;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * A batch of rows of events in the binary format of {@code COPY}, encoded one by one as they
 * arrive, so that no reference to an event is kept.
 *
 * <p>The format is given in <a
 * href="https://www.postgresql.org/docs/18/sql-copy.html#SQL-COPY-FILE-FORMATS">the documentation
 * of COPY</a>; the fields are what each type's receive function reads. A value that Postgres cannot
 * store (NUL, a lone surrogate, a timestamp out of range) is encoded so that Postgres refuses it;
 * it is never changed into another value.
 */
final class CopyBinaryEncoder {
  /** What begins every copy: signature, no flags, no header extension. */
  private static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  /** What ends every copy: a field count of -1. */
  private static final byte[] TRAILER = {-1, -1};

  private static final int FIELDS = Tables.PROCESSED_EVENTS_COLUMNS.size();
  private static final int NULL_LENGTH = -1;
  private static final byte INET_V4 = 2;
  private static final byte INET_V6 = 3;
  private static final int INET_HEADER = 4;
  private static final byte JSONB_VERSION = 1;
  private static final int UTF8_BYTES_PER_CHAR = 3;

  /** Everything in a row but the address and the texts, with room to spare. */
  private static final int FIXED_BYTES = 128;

  /** 2000-01-01T00:00:00Z in microseconds since 1970, the instant from which Postgres counts. */
  private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;

  /** Where encoded bytes go; it must not keep the array. */
  interface Target {
    /** Takes some bytes of an array. */
    void write(byte[] bytes, int offset, int length) throws SQLException;
  }

  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  private final int retainedBytes;
  private byte[] buffer;
  private int end;
  private int[] starts = new int[1024];
  private int rows;

  /**
   * An empty batch.
   *
   * @param retainedBytes how large the buffer is when the batch is empty; it grows as needed
   */
  CopyBinaryEncoder(int retainedBytes) {
    this.retainedBytes = retainedBytes;
    this.buffer = new byte[retainedBytes];
  }

  /** How many rows the batch holds. */
  int rows() {
    return rows;
  }

  /** How many bytes the rows take up. */
  int bytes() {
    return end;
  }

  /** Drops all rows, and what the buffer has grown by. */
  void clear() {
    rows = 0;
    end = 0;
    if (buffer.length > retainedBytes) {
      buffer = new byte[retainedBytes];
    }
  }

  /** Adds one row. */
  void append(ProcessedEvent row) {
    WebEvent event = row.event();
    if (rows == starts.length) {
      starts = Arrays.copyOf(starts, 2 * rows);
    }
    starts[rows] = end;
    reserve(FIXED_BYTES + event.ip().length);
    SHORT.set(buffer, end, (short) FIELDS);
    end += Short.BYTES;
    putInt(Short.BYTES);
    SHORT.set(buffer, end, row.source());
    end += Short.BYTES;
    putInt(Integer.BYTES);
    putInt(row.partition());
    putInt(Long.BYTES);
    putLong(row.offset());
    if (StoredValues.hasTimestamp(row.kafkaTimestamp())) {
      putInt(Long.BYTES);
      putLong(row.kafkaTimestamp() * 1000 - POSTGRES_EPOCH_MICROS);
    } else {
      putInt(NULL_LENGTH);
    }
    putInet(event.ip());
    putInt(Long.BYTES);
    putLong(sincePostgresEpoch(event.eventTimeMicros()));
    putText(event.referrer());
    putText(event.host());
    putText(event.url());
    putJsonb(event.geodata());
    putText(event.userAgent());
    reserve(Integer.BYTES + 1);
    putInt(1);
    buffer[end++] = (byte) (row.late() ? 1 : 0);
    rows++;
  }

  /**
   * Writes some of the rows as one whole copy.
   *
   * @param from the first row
   * @param to the row behind the last one
   */
  void writeTo(Target target, int from, int to) throws SQLException {
    int begin = starts[from];
    target.write(HEADER, 0, HEADER.length);
    target.write(buffer, begin, endOf(to - 1) - begin);
    target.write(TRAILER, 0, TRAILER.length);
  }

  /** One of the rows, read back from its bytes; a lone surrogate becomes U+FFFD. */
  ProcessedEvent row(int index) {
    Reader reader = new Reader(starts[index] + Short.BYTES);
    return new ProcessedEvent(
        (short) reader.integer(),
        (int) reader.integer(),
        reader.integer(),
        reader.kafkaTimestamp(),
        buffer[endOf(index) - 1] == 1,
        new WebEvent(
            reader.bytes(INET_HEADER),
            reader.integer() + POSTGRES_EPOCH_MICROS,
            reader.text(0),
            reader.text(0),
            reader.text(0),
            reader.text(1),
            reader.text(0)));
  }

  private int endOf(int row) {
    return row + 1 == rows ? end : starts[row + 1];
  }

  /** The two ends of the range mean infinity to Postgres, so they are not used. */
  private static long sincePostgresEpoch(long micros) {
    return Math.max(micros, Long.MIN_VALUE + 1 + POSTGRES_EPOCH_MICROS) - POSTGRES_EPOCH_MICROS;
  }

  private void putInt(int value) {
    INT.set(buffer, end, value);
    end += Integer.BYTES;
  }

  private void putLong(long value) {
    LONG.set(buffer, end, value);
    end += Long.BYTES;
  }

  private void putInet(byte[] address) {
    putInt(INET_HEADER + address.length);
    buffer[end++] = address.length == 4 ? INET_V4 : INET_V6;
    buffer[end++] = (byte) (8 * address.length);
    buffer[end++] = 0;
    buffer[end++] = (byte) address.length;
    System.arraycopy(address, 0, buffer, end, address.length);
    end += address.length;
  }

  private void putText(String text) {
    if (text == null) {
      putNull();
      return;
    }
    reserve(Integer.BYTES + UTF8_BYTES_PER_CHAR * text.length());
    int start = end + Integer.BYTES;
    int stop = encode(text, buffer, start);
    putInt(stop - start);
    end = stop;
  }

  private void putJsonb(String json) {
    if (json == null) {
      putNull();
      return;
    }
    reserve(Integer.BYTES + 1 + UTF8_BYTES_PER_CHAR * json.length());
    int start = end + Integer.BYTES;
    buffer[start] = JSONB_VERSION;
    int stop = encode(json, buffer, start + 1);
    putInt(stop - start);
    end = stop;
  }

  private void putNull() {
    reserve(Integer.BYTES);
    putInt(NULL_LENGTH);
  }

  private void reserve(int bytes) {
    if (bytes > buffer.length - end) {
      buffer = Arrays.copyOf(buffer, Math.max(Math.addExact(end, bytes), 2 * buffer.length));
    }
  }

  /**
   * UTF-8, except that a lone surrogate becomes its three bytes, which are not valid UTF-8, where
   * {@link String#getBytes} would put a question mark.
   */
  private static int encode(String text, byte[] target, int at) {
    int length = text.length();
    int index = 0;
    while (index < length) {
      char c = text.charAt(index++);
      if (c < 0x80) {
        target[at++] = (byte) c;
      } else if (c < 0x800) {
        target[at++] = (byte) (0xC0 | c >> 6);
        target[at++] = (byte) (0x80 | c & 0x3F);
      } else if (Character.isHighSurrogate(c)
          && index < length
          && Character.isLowSurrogate(text.charAt(index))) {
        int codePoint = Character.toCodePoint(c, text.charAt(index++));
        target[at++] = (byte) (0xF0 | codePoint >> 18);
        target[at++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
        target[at++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
        target[at++] = (byte) (0x80 | codePoint & 0x3F);
      } else {
        target[at++] = (byte) (0xE0 | c >> 12);
        target[at++] = (byte) (0x80 | c >> 6 & 0x3F);
        target[at++] = (byte) (0x80 | c & 0x3F);
      }
    }
    return at;
  }

  private static VarHandle view(Class<?> arrayOfNumbers) {
    return MethodHandles.byteArrayViewVarHandle(arrayOfNumbers, ByteOrder.BIG_ENDIAN);
  }

  /** Reads the fields of a row one after the other. */
  private final class Reader {
    private int position;

    Reader(int position) {
      this.position = position;
    }

    long integer() {
      int length = (int) INT.get(buffer, position);
      int value = position + Integer.BYTES;
      position = value + length;
      return switch (length) {
        case Short.BYTES -> (short) SHORT.get(buffer, value);
        case Integer.BYTES -> (int) INT.get(buffer, value);
        default -> (long) LONG.get(buffer, value);
      };
    }

    long kafkaTimestamp() {
      if ((int) INT.get(buffer, position) == NULL_LENGTH) {
        position += Integer.BYTES;
        return -1;
      }
      return integer() / 1000 + POSTGRES_EPOCH_MICROS / 1000;
    }

    byte[] bytes(int skipped) {
      int length = (int) INT.get(buffer, position);
      int value = position + Integer.BYTES;
      if (length == NULL_LENGTH) {
        position = value;
        return null;
      }
      position = value + length;
      return Arrays.copyOfRange(buffer, value + skipped, position);
    }

    String text(int skipped) {
      byte[] bytes = bytes(skipped);
      return bytes == null ? null : new String(bytes, UTF_8);
    }
  }
}
