package dev.trafficctl.local.traffic;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The text of a field in an access log. Apache escapes as {@code \"}, {@code \\}, {@code \n} and
 * the like, and {@code \xhh}; Nginx as {@code \xHH} alone. A byte that is not UTF-8 is read as
 * ISO-8859-1, as servers hand on such bytes of a header (RFC 9110, section 5.5): 0xE9 is {@code é}.
 * The text {@code \xe9}, which a log has as {@code \\xe9}, stays one of four characters.
 */
final class LogText {
  private static final int LONGEST_EXCERPT = 100;

  private LogText() {}

  static String decode(byte[] line, int from, int to) {
    byte[] bytes = unescape(line, from, to);
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    while (result.isError()) {
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (in.get() & 0xff));
      }
      result = decoder.reset().decode(in, out, true);
    }
    return out.flip().toString();
  }

  /** The beginning of a line for a message, in quotes. */
  static String excerpt(byte[] line) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < Math.min(line.length, LONGEST_EXCERPT); i++) {
      boolean prints = line[i] >= ' ' && line[i] < 0x7f;
      text.append(prints ? String.valueOf((char) line[i]) : String.format("\\x%02x", line[i]));
    }
    return text.append(line.length > LONGEST_EXCERPT ? "…\"" : "\"").toString();
  }

  private static byte[] unescape(byte[] line, int from, int to) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(to - from);
    int i = from;
    while (i < to) {
      if (line[i] != '\\' || i + 1 == to) {
        bytes.write(line[i++]);
        continue;
      }
      int plain =
          switch (line[i + 1]) {
            case '"', '\\' -> line[i + 1];
            case 'b' -> '\b';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 0x0b;
            default -> -1;
          };
      if (plain >= 0) {
        bytes.write(plain);
        i += 2;
      } else if (isHexEscape(line, i, to)) {
        bytes.write(16 * HexFormat.fromHexDigit(line[i + 2]) + HexFormat.fromHexDigit(line[i + 3]));
        i += 4;
      } else {
        bytes.write(line[i++]);
      }
    }
    return bytes.toByteArray();
  }

  private static boolean isHexEscape(byte[] line, int at, int to) {
    return at + 3 < to
        && line[at + 1] == 'x'
        && HexFormat.isHexDigit(line[at + 2])
        && HexFormat.isHexDigit(line[at + 3]);
  }
}
