package dev.trafficctl.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.trafficctl.model.Column;
import dev.trafficctl.model.ColumnType;
import dev.trafficctl.model.ColumnValues;
import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.Tables;
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
final class CopyBinaryEncoder implements ColumnValues {
  /** What begins every copy: signature, no flags, no header extension. */
  private static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  /** What ends every copy: a field count of -1. */
  private static final byte[] TRAILER = {-1, -1};

  @SuppressWarnings("unchecked") // An array has no type parameters.
  private static final Column<ProcessedEvent>[] COLUMNS =
      Tables.EVENTS.written().toArray(Column[]::new);

  private static final int NULL_LENGTH = -1;
  private static final byte INET_V4 = 2;
  private static final byte INET_V6 = 3;
  private static final int INET_HEADER = 4;
  private static final byte JSONB_VERSION = 1;
  private static final int UTF8_BYTES_PER_CHAR = 3;

  /** The most that a field takes which is neither an address nor of variable length. */
  private static final int FIXED_BYTES = Integer.BYTES + Long.BYTES;

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
    if (rows == starts.length) {
      starts = Arrays.copyOf(starts, 2 * rows);
    }
    starts[rows] = end;
    reserve(Short.BYTES + COLUMNS.length * FIXED_BYTES);
    SHORT.set(buffer, end, (short) COLUMNS.length);
    end += Short.BYTES;
    for (Column<ProcessedEvent> column : COLUMNS) {
      column.value().give(row, this);
    }
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

  /**
   * Where one of the rows belongs.
   *
   * @param source the number of the Kafka topic id
   * @param partition the Kafka partition
   * @param offset the offset in the partition
   * @param kafkaTimestamp the timestamp of the Kafka record in milliseconds since
   *     1970-01-01T00:00:00Z, or a negative number if none is stored
   */
  record Place(short source, int partition, long offset, long kafkaTimestamp) {}

  /** The place of one of the rows. */
  Place place(int index) {
    Reader reader = new Reader(starts[index] + Short.BYTES);
    return new Place(
        (short) reader.integer(),
        (int) reader.integer(),
        reader.integer(),
        reader.kafkaTimestamp());
  }

  /** One of the rows, read back from its bytes; a lone surrogate becomes U+FFFD. */
  void read(int index, ColumnValues to) {
    Reader reader = new Reader(starts[index] + Short.BYTES);
    for (Column<ProcessedEvent> column : COLUMNS) {
      reader.next(column.type(), to);
    }
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

  @Override
  public void nothing() {
    reserve(Integer.BYTES);
    putInt(NULL_LENGTH);
  }

  @Override
  public void smallint(short value) {
    reserve(FIXED_BYTES);
    putInt(Short.BYTES);
    SHORT.set(buffer, end, value);
    end += Short.BYTES;
  }

  @Override
  public void integer(int value) {
    reserve(FIXED_BYTES);
    putInt(Integer.BYTES);
    putInt(value);
  }

  @Override
  public void bigint(long value) {
    reserve(FIXED_BYTES);
    putInt(Long.BYTES);
    putLong(value);
  }

  @Override
  public void timestamp(long micros) {
    bigint(sincePostgresEpoch(micros));
  }

  @Override
  public void timestampOfMillis(long millis) {
    // Beyond the range of a long as microseconds since 1970, and within it again since 2000.
    bigint(millis * 1_000 - POSTGRES_EPOCH_MICROS);
  }

  @Override
  public void bool(boolean value) {
    reserve(FIXED_BYTES);
    putInt(1);
    buffer[end++] = (byte) (value ? 1 : 0);
  }

  @Override
  public void inet(byte[] address) {
    reserve(Integer.BYTES + INET_HEADER + address.length);
    putInt(INET_HEADER + address.length);
    buffer[end++] = address.length == 4 ? INET_V4 : INET_V6;
    buffer[end++] = (byte) (8 * address.length);
    buffer[end++] = 0;
    buffer[end++] = (byte) address.length;
    System.arraycopy(address, 0, buffer, end, address.length);
    end += address.length;
  }

  @Override
  public void text(String text) {
    if (text == null) {
      nothing();
      return;
    }
    reserve(Integer.BYTES + UTF8_BYTES_PER_CHAR * text.length());
    int start = end + Integer.BYTES;
    int stop = encode(text, buffer, start);
    putInt(stop - start);
    end = stop;
  }

  @Override
  public void jsonb(String json) {
    if (json == null) {
      nothing();
      return;
    }
    reserve(Integer.BYTES + 1 + UTF8_BYTES_PER_CHAR * json.length());
    int start = end + Integer.BYTES;
    buffer[start] = JSONB_VERSION;
    int stop = encode(json, buffer, start + 1);
    putInt(stop - start);
    end = stop;
  }

  @Override
  public void bytea(byte[] bytes) {
    if (bytes == null) {
      nothing();
      return;
    }
    reserve(Integer.BYTES + bytes.length);
    putInt(bytes.length);
    System.arraycopy(bytes, 0, buffer, end, bytes.length);
    end += bytes.length;
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

    void next(ColumnType type, ColumnValues to) {
      if ((int) INT.get(buffer, position) == NULL_LENGTH) {
        position += Integer.BYTES;
        to.nothing();
        return;
      }
      switch (type) {
        case SMALLINT -> to.smallint((short) integer());
        case INTEGER -> to.integer((int) integer());
        case BIGINT -> to.bigint(integer());
        case TIMESTAMPTZ -> to.timestamp(integer() + POSTGRES_EPOCH_MICROS);
        case BOOLEAN -> to.bool(bytes(0)[0] != 0);
        case INET -> to.inet(bytes(INET_HEADER));
        case TEXT -> to.text(new String(bytes(0), UTF_8));
        case JSONB -> to.jsonb(new String(bytes(1), UTF_8));
        case BYTEA -> to.bytea(bytes(0));
        case UUID -> throw new IllegalArgumentException("no event holds a " + type);
      }
    }

    byte[] bytes(int skipped) {
      int length = (int) INT.get(buffer, position);
      int value = position + Integer.BYTES;
      position = value + length;
      return Arrays.copyOfRange(buffer, value + skipped, position);
    }
  }
}
