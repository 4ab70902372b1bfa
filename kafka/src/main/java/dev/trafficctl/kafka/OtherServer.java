package dev.trafficctl.kafka;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells by the first bytes of an answer what answers, if it is no Kafka broker. */
final class OtherServer {
  /** As many bytes of an answer are looked at. */
  static final int SHOWN = 60;

  /** What is said of one that speaks TLS, whatever is inside. */
  static final String SPEAKS_TLS = "speaks TLS";

  private static final Pattern TLS = Pattern.compile("[\\x15\\x16]\\x03.*", Pattern.DOTALL);

  /**
   * An ErrorResponse: its length, the severity, and the code.
   *
   * @see <a href="https://www.postgresql.org/docs/18/protocol-message-formats.html">the formats</a>
   */
  private static final Pattern POSTGRES =
      Pattern.compile(
          "E\\x00\\x00..S[^\\x00]+\\x00(?:V[A-Z]+\\x00)?C[0-9A-Z]{5}\\x00.*", Pattern.DOTALL);

  /**
   * The greeting of version 10: its length, the number 0, and the server's version; or an error
   * instead of it.
   *
   * @see <a
   *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html">the
   *     connection phase</a>
   */
  private static final Pattern MYSQL =
      Pattern.compile(
          "..\\x00\\x00(?:\\x0a(?<version>\\d+\\.\\d[\\w.:+~-]*)\\x00|\\xff..).*", Pattern.DOTALL);

  private static final Pattern REDIS =
      Pattern.compile(
          "-(?:ERR (?:unknown command|Protocol error)|NOAUTH |DENIED Redis).*", Pattern.DOTALL);

  private OtherServer() {}

  /**
   * What it does, to follow its address.
   *
   * @param answer its first bytes, at least one, and no more than {@link #SHOWN}
   */
  static String words(byte[] answer) {
    String text = new String(answer, ISO_8859_1);
    if (text.startsWith("HTTP/")) {
      return "speaks HTTP (" + line(text) + ")";
    }
    if (text.startsWith("SSH-")) {
      return "speaks SSH (" + line(text) + ")";
    }
    if (TLS.matcher(text).matches()) {
      return SPEAKS_TLS;
    }
    if (POSTGRES.matcher(text).matches()) {
      return "speaks the protocol of Postgres";
    }
    Matcher mysql = MYSQL.matcher(text);
    if (mysql.matches()) {
      String version = mysql.group("version");
      return "speaks the protocol of MySQL" + (version == null ? "" : " (" + version + ")");
    }
    if (REDIS.matcher(text).matches()) {
      return "speaks the protocol of Redis (" + line(text) + ")";
    }
    return text.startsWith("AMQP")
        ? "speaks AMQP"
        : "is no Kafka broker: it answers '" + line(text) + "'";
  }

  /** Up to the end of a line, without control characters. */
  private static String line(String text) {
    StringBuilder line = new StringBuilder();
    for (char next : text.toCharArray()) {
      if (next == '\r' || next == '\n') {
        break;
      }
      boolean shown = next >= ' ' && next <= '~';
      line.append(shown ? String.valueOf(next) : "\\x%02x".formatted((int) next));
    }
    return line.toString();
  }
}
