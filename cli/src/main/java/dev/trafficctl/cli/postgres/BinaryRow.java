package dev.trafficctl.cli.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.trafficctl.model.ColumnType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A row in the binary format of {@code COPY}, as its bytes: most rows are compared and never turned
 * into anything else. Fields are counted from 0.
 *
 * @see <a href="https://www.postgresql.org/docs/18/sql-copy.html#SQL-COPY-FILE-FORMATS">The binary
 *     format</a>
 */
public final class BinaryRow {
  /** 2000-01-01T00:00:00Z in microseconds since 1970, the instant from which Postgres counts. */
  public static final long EPOCH_MICROS = 946_684_800_000_000L;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int NULL_LENGTH = -1;
  private static final int JSONB_VERSION_BYTES = 1;
  private static final int INET_HEADER = 4;

  private final byte[] bytes;

  /** Where the length of each field is. */
  private final int[] fields;

  /**
   * A row.
   *
   * @param bytes where it is
   * @param start where it begins, with the number of its fields
   * @throws IllegalArgumentException when the bytes are no row
   */
  public BinaryRow(byte[] bytes, int start) {
    this.bytes = bytes;
    try {
      fields = new int[(short) SHORT.get(bytes, start)];
      int next = start + Short.BYTES;
      for (int field = 0; field < fields.length; field++) {
        fields[field] = next;
        next += Integer.BYTES + Math.max(0, (int) INT.get(bytes, next));
      }
      if (next != bytes.length) {
        throw new IllegalArgumentException("a row ends in the middle");
      }
    } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
      throw new IllegalArgumentException("this is no row", e);
    }
  }

  /** How many fields it has. */
  public int size() {
    return fields.length;
  }

  /** Whether a field is null. */
  public boolean isNull(int field) {
    return length(field) == NULL_LENGTH;
  }

  private int length(int field) {
    return (int) INT.get(bytes, fields[field]);
  }

  private int start(int field) {
    return fields[field] + Integer.BYTES;
  }

  /**
   * A field of type bigint, or of timestamptz in microseconds since {@link #EPOCH_MICROS}.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public long number(int field) {
    if (length(field) != Long.BYTES) {
      throw new IllegalArgumentException("field " + field + " is no bigint");
    }
    return (long) LONG.get(bytes, start(field));
  }

  /** Whether a field of type bigint or timestamptz has this value. */
  public boolean isNumber(int field, long value) {
    return length(field) == Long.BYTES && (long) LONG.get(bytes, start(field)) == value;
  }

  /** Whether a field of type int has this value. */
  public boolean isInt(int field, int value) {
    return length(field) == Integer.BYTES && (int) INT.get(bytes, start(field)) == value;
  }

  /** Whether a field of type smallint has this value. */
  public boolean isShort(int field, short value) {
    return length(field) == Short.BYTES && (short) SHORT.get(bytes, start(field)) == value;
  }

  /** Whether a field of type boolean is true. */
  public boolean isTrue(int field) {
    return length(field) == 1 && bytes[start(field)] != 0;
  }

  /** Whether a field has exactly these bytes; null stands for a null. */
  public boolean isBytes(int field, byte[] value) {
    return value == null ? isNull(field) : ends(field, 0, value);
  }

  /** Whether a field of type jsonb is spelled so. */
  public boolean isJson(int field, byte[] text) {
    return ends(field, JSONB_VERSION_BYTES, text);
  }

  /** Whether a field of type inet is the address of one host. */
  public boolean isHost(int field, byte[] address) {
    int start = start(field);
    return length(field) == INET_HEADER + address.length
        && (bytes[start + 1] & 0xFF) == 8 * address.length
        && ends(field, INET_HEADER, address);
  }

  /** Whether a field is so many bytes and then these. */
  private boolean ends(int field, int skipped, byte[] value) {
    int length = length(field);
    int start = start(field);
    return length == skipped + value.length
        && Arrays.equals(bytes, start + skipped, start + length, value, 0, value.length);
  }

  /** The bytes of a field, or null. */
  public byte[] bytes(int field) {
    return isNull(field)
        ? null
        : Arrays.copyOfRange(bytes, start(field), start(field) + length(field));
  }

  /** A field of type text, or null. */
  public String text(int field) {
    return isNull(field) ? null : new String(bytes, start(field), length(field), UTF_8);
  }

  /** A field of type jsonb as text, or null. */
  public String json(int field) {
    return isNull(field)
        ? null
        : new String(
            bytes, start(field) + JSONB_VERSION_BYTES, length(field) - JSONB_VERSION_BYTES, UTF_8);
  }

  /** A field as people write it, or null; of bytes how many there are. */
  public String shown(int field, ColumnType type) {
    if (isNull(field)) {
      return null;
    }
    return switch (type) {
      case BOOLEAN -> Boolean.toString(isTrue(field));
      case SMALLINT -> Short.toString((short) SHORT.get(bytes, start(field)));
      case INTEGER -> Integer.toString((int) INT.get(bytes, start(field)));
      case BIGINT -> Long.toString(number(field));
      case TIMESTAMPTZ -> time(number(field));
      case INET -> address(bytes(field));
      case TEXT -> text(field);
      case JSONB -> json(field);
      case BYTEA -> length(field) + " bytes";
      case UUID -> HexFormat.of().formatHex(bytes(field));
    };
  }

  private static String time(long micros) {
    if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
      return micros < 0 ? "-infinity" : "infinity";
    }
    return Instant.EPOCH
        .plus(micros, ChronoUnit.MICROS)
        .plus(EPOCH_MICROS, ChronoUnit.MICROS)
        .toString();
  }

  private static String address(byte[] inet) {
    try {
      byte[] address = Arrays.copyOfRange(inet, INET_HEADER, inet.length);
      int bits = inet[1] & 0xFF;
      return InetAddress.getByAddress(address).getHostAddress()
          + (bits == 8 * address.length ? "" : "/" + bits);
    } catch (UnknownHostException | IllegalArgumentException e) {
      return HexFormat.of().formatHex(inet);
    }
  }
}
