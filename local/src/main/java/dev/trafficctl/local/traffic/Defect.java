package dev.trafficctl.local.traffic;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** The ways in which a made-up event is bad. */
enum Defect {
  EMPTY(event -> ""),
  TOMBSTONE(event -> null),
  BLANK(event -> " \t\r\n "),
  TRUNCATED(event -> event.substring(0, event.length() * 2 / 3)),
  TRAILING_GARBAGE(event -> event + "}x"),
  TWO_DOCUMENTS(event -> event + event),
  TOP_LEVEL_ARRAY(event -> "[" + event + "]"),
  TOP_LEVEL_NUMBER(event -> "42"),
  HTML(event -> "<html><body>502 Bad Gateway</body></html>"),
  BYTE_ORDER_MARK(event -> "\u00ef\u00bb\u00bf" + event),
  INVALID_UTF8(event -> event.replace("\"url\":\"", "\"url\":\"\u00c3\u0028")),
  RAW_NUL(event -> event.replace("\"url\":\"", "\"url\":\"\0")),
  ESCAPED_NUL(event -> event.replace("\"url\":\"", "\"url\":\"\\u0000")),
  LONE_SURROGATE(event -> event.replace("\"url\":\"", "\"url\":\"\\ud83d")),
  NOT_A_NUMBER(event -> event.replaceFirst("\"host\":\"[^\"]*\"", "\"host\":NaN")),
  SCHEMA_REGISTRY(event -> "\0\0\0\0\7" + event),
  HEADERS_A_LIST(event -> event.replace("\"headers\":", "\"headers\":[],\"more\":")),
  DUPLICATE_FIELD(event -> event.replace("\"headers\":", "\"host\":\"x\",\"headers\":")),
  URL_MISSING(event -> event.replaceFirst("\"url\":\"[^\"]*\",", "")),
  URL_A_NUMBER(event -> event.replaceFirst("\"url\":\"[^\"]*\"", "\"url\":7")),
  HOST_MISSING(event -> event.replaceFirst("\"host\":\"[^\"]*\",", "")),
  IP_MISSING(event -> event.replaceFirst("\"ip\":\"[^\"]*\",", "")),
  IP_A_NAME(event -> event.replace("\"ip\":\"", "\"ip\":\"client-")),
  TIME_MISSING(event -> event.replaceFirst(",\"event_time\":\"[^\"]*\"", "")),
  TIME_IN_WORDS(event -> event.replace("\"event_time\":\"", "\"event_time\":\"about ")),
  TIME_IMPOSSIBLE(Defect::withImpossibleDate),
  TIME_FAR_AHEAD(Defect::tenYearsAhead);

  /** Keeps each byte as one character, so that what is not UTF-8 can be made too. */
  private static final Charset BYTES = StandardCharsets.ISO_8859_1;

  private static final String TIME = "\"event_time\":\"";

  private final UnaryOperator<String> spoil;

  Defect(UnaryOperator<String> spoil) {
    this.spoil = spoil;
  }

  /** A bad event made of a good one; null for a tombstone. */
  byte[] spoil(byte[] event) {
    String spoilt = spoil.apply(new String(event, BYTES));
    return spoilt == null ? null : spoilt.getBytes(BYTES);
  }

  private static String withImpossibleDate(String event) {
    int year = event.indexOf(TIME) + TIME.length();
    return event.substring(0, year + 4) + "-02-30" + event.substring(year + 10);
  }

  private static String tenYearsAhead(String event) {
    int year = event.indexOf(TIME) + TIME.length();
    int ahead = Integer.parseInt(event.substring(year, year + 4)) + 10;
    return event.substring(0, year) + ahead + event.substring(year + 4);
  }
}
