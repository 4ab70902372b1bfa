package dev.trafficctl.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Looks at a record's value as bytes, before it is read as JSON.
 *
 * <p>Jackson guesses UTF-16 and UTF-32 from zero bytes, skips a byte order mark, and takes overlong
 * UTF-8 and encoded surrogates for characters. Nothing of that gets past here.
 */
final class Payload {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EACH_01 = 0x0101010101010101L;
  private static final long EACH_80 = 0x8080808080808080L;
  private static final byte DELETE = 0x7F;
  private static final int SCHEMA_REGISTRY_HEADER = 5;

  private Payload() {}

  /**
   * Refuses what cannot be JSON in UTF-8.
   *
   * @return whether the value is printable ASCII and white space without a single backslash, so
   *     that every string in it is just the bytes between its quotes
   * @throws RejectedException if the value is absent, blank, compressed, framed, or no UTF-8
   */
  static boolean isPlain(byte[] value) throws RejectedException {
    if (value == null) {
      throw new RejectedException(
          RejectionReason.NULL_VALUE, "the record has no value (a tombstone)");
    }
    if (value.length == 0) {
      throw new RejectedException(RejectionReason.EMPTY_VALUE, "the value has no bytes");
    }
    if (startsWith(value, 0x1F, 0x8B)) {
      throw new RejectedException(
          RejectionReason.COMPRESSED_VALUE,
          "the value is gzip; use the producer's compression.type instead");
    }
    if (startsWith(value, 0xEF, 0xBB, 0xBF)) {
      throw new RejectedException(
          RejectionReason.BYTE_ORDER_MARK, "the value starts with a byte order mark");
    }

    long bits = 0;
    long zero = 0;
    long special = 0;
    int next = 0;
    for (; next <= value.length - Long.BYTES; next += Long.BYTES) {
      long eight = (long) LONGS.get(value, next);
      bits |= eight;
      zero |= zeroBytes(eight);
      special |= zeroBytes(eight ^ ('\\' * EACH_01)) | zeroBytes(eight ^ (DELETE * EACH_01));
    }
    for (; next < value.length; next++) {
      byte one = value[next];
      bits |= one;
      zero |= one == 0 ? 1 : 0;
      special |= one == '\\' || one == DELETE ? 1 : 0;
    }
    boolean ascii = (bits & EACH_80) == 0;

    if (zero != 0 || startsWith(value, 0xFE, 0xFF) || startsWith(value, 0xFF, 0xFE)) {
      throw withZeroBytes(value);
    }
    if (!ascii && !isUtf8(value)) {
      throw malformedUtf8(value);
    }
    if (isBlank(value)) {
      throw new RejectedException(
          RejectionReason.BLANK_VALUE,
          "the value is white space, " + value.length + " bytes of it");
    }
    return ascii && special == 0;
  }

  /** Not 0 if one of the eight bytes is 0. */
  private static long zeroBytes(long eight) {
    return (eight - EACH_01) & ~eight & EACH_80;
  }

  private static boolean startsWith(byte[] value, int... signature) {
    if (value.length < signature.length) {
      return false;
    }
    for (int i = 0; i < signature.length; i++) {
      if ((value[i] & 0xFF) != signature[i]) {
        return false;
      }
    }
    return true;
  }

  private static RejectedException withZeroBytes(byte[] value) {
    if (isSchemaRegistry(value)) {
      return new RejectedException(
          RejectionReason.SCHEMA_REGISTRY_VALUE,
          "the value starts with Confluent's magic byte and schema id "
              + Integer.toUnsignedString(ByteBuffer.wrap(value, 1, Integer.BYTES).getInt())
              + "; use a serializer that writes plain JSON");
    }
    String encoding = encodingOf(value);
    if (encoding != null) {
      return new RejectedException(
          RejectionReason.WRONG_ENCODING, "the value is " + encoding + "; expected UTF-8");
    }
    int position = 0;
    while (value[position] != 0) {
      position++;
    }
    return new RejectedException(
        RejectionReason.NUL_BYTE, "the value has a raw NUL byte at byte " + position);
  }

  private static boolean isSchemaRegistry(byte[] value) {
    return value.length > SCHEMA_REGISTRY_HEADER
        && value[0] == 0
        && value[SCHEMA_REGISTRY_HEADER] == '{'
        && encodingOf(value) == null;
  }

  /** The encoding that byte order mark or zero bytes give away, or null. */
  private static String encodingOf(byte[] value) {
    if (startsWith(value, 0xFF, 0xFE, 0, 0) || startsWith(value, 0, 0, 0xFE, 0xFF)) {
      return "UTF-32";
    }
    if (startsWith(value, 0xFF, 0xFE) || startsWith(value, 0xFE, 0xFF)) {
      return "UTF-16";
    }
    // JSON starts with two ASCII characters, so the zero bytes between them tell the width.
    int width = value.length % 4 == 0 && zeroPattern(value, 4) ? 4 : zeroPattern(value, 2) ? 2 : 0;
    return width == 4 ? "UTF-32" : width == 2 ? "UTF-16" : null;
  }

  /** Whether the first two groups of so many bytes have just one byte that is not 0, at an end. */
  private static boolean zeroPattern(byte[] value, int width) {
    if (value.length < 2 * width) {
      return false;
    }
    boolean bigEndian = true;
    boolean littleEndian = true;
    for (int i = 0; i < 2 * width; i++) {
      int inGroup = i % width;
      bigEndian &= (value[i] != 0) == (inGroup == width - 1);
      littleEndian &= (value[i] != 0) == (inGroup == 0);
    }
    return bigEndian || littleEndian;
  }

  /**
   * Whether the bytes are well-formed UTF-8 (Unicode 16, table 3-7): no overlong form, no
   * surrogate, nothing beyond U+10FFFF. Most of them are ASCII, which is passed over eight bytes at
   * a time.
   */
  static boolean isUtf8(byte[] value) {
    int next = 0;
    while (next < value.length) {
      if (next <= value.length - Long.BYTES && ((long) LONGS.get(value, next) & EACH_80) == 0) {
        next += Long.BYTES;
      } else if (value[next] >= 0) {
        next++;
      } else {
        int length = lengthOfCharacter(value, next);
        if (length == 0) {
          return false;
        }
        next += length;
      }
    }
    return true;
  }

  /** How many bytes a character outside ASCII takes, 0 if it is malformed. */
  private static int lengthOfCharacter(byte[] value, int first) {
    int lead = value[first] & 0xFF;
    int length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (length == 0 || first + length > value.length) {
      return 0;
    }
    for (int i = first + 1; i < first + length; i++) {
      if ((value[i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    int second = value[first + 1] & 0xFF;
    return switch (lead) {
      case 0xE0 -> second >= 0xA0 ? length : 0;
      case 0xED -> second <= 0x9F ? length : 0;
      case 0xF0 -> second >= 0x90 ? length : 0;
      case 0xF4 -> second <= 0x8F ? length : 0;
      default -> length;
    };
  }

  /** The JDK's decoder knows the place of the defect. */
  private static RejectedException malformedUtf8(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    CharsetDecoder utf8 =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer decoded = CharBuffer.allocate(4096);
    CoderResult result;
    do {
      decoded.clear();
      result = utf8.decode(bytes, decoded, true);
    } while (result.isOverflow());
    return new RejectedException(
        RejectionReason.MALFORMED_UTF8,
        String.format(
            Locale.ROOT,
            "the value is not UTF-8 at byte %d (0x%02x)",
            bytes.position(),
            value[bytes.position()]));
  }

  private static boolean isBlank(byte[] value) {
    for (byte one : value) {
      if (one != ' ' && one != '\t' && one != '\n' && one != '\r') {
        return false;
      }
    }
    return true;
  }
}
