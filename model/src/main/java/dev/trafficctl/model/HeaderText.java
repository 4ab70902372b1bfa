package dev.trafficctl.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The text of a header. A proxy that adds the name of a city sends it in UTF-8, and Node, WSGI and
 * servlets hand on each byte of a header as one character, as ISO 8859-1 would have it: {@code
 * Łódź} arrives as {@code Å\u0081Ã³dÅº}.
 */
final class HeaderText {
  private static final char LAST_ASCII = 0x7F;
  private static final char LAST_OF_ISO_8859_1 = 0xFF;

  private HeaderText() {}

  /**
   * The text that was sent in UTF-8, where this is certain: every character stands for a byte, and
   * the bytes are well-formed UTF-8 that is not only ASCII. It is hardly ever anything else by
   * chance. What was read in the wrong encoding twice is decoded twice, so that a text that was
   * decoded stays as it is. Any other text is returned as it is; text that was read as Windows-1252
   * too, in which some bytes are lost.
   */
  static String decoded(String text) {
    String decoded = text;
    while (isMadeOfBytes(decoded)) {
      byte[] bytes = decoded.getBytes(ISO_8859_1);
      if (!Payload.isUtf8(bytes)) {
        break;
      }
      decoded = new String(bytes, UTF_8);
    }
    return decoded;
  }

  /** Whether there is a character outside of ASCII, and all are in ISO 8859-1. */
  private static boolean isMadeOfBytes(String text) {
    char highest = 0;
    for (int i = 0; i < text.length(); i++) {
      highest = (char) Math.max(highest, text.charAt(i));
    }
    return highest > LAST_ASCII && highest <= LAST_OF_ISO_8859_1;
  }
}
