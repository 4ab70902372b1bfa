package dev.trafficctl.local.traffic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line in the combined format of Apache (LogFormat "combined" in the documentation of
 * mod_log_config) and Nginx (log_format combined in that of ngx_http_log_module). More fields may
 * follow the user agent.
 *
 * @param ip the first field: the client's address, or its name
 * @param time when the request was made, in whole seconds
 * @param target what was asked for
 * @param referrer the page that led here, or null
 * @param userAgent the client's User-Agent header, or null
 */
record LogLine(String ip, Instant time, String target, String referrer, String userAgent) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/uuuu:HH:mm:ss xx", Locale.ENGLISH)
          .withResolverStyle(ResolverStyle.STRICT);

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();

  /** The method is a token of RFC 9110, section 5.6.2. */
  private static final Pattern REQUEST =
      Pattern.compile(
          "[A-Za-z0-9!#$%&'*+.^_`|~-]+ (\\S.*?)(?: HTTP/\\d(?:\\.\\d)?)?", Pattern.DOTALL);

  private static final String NONE = "-";

  /**
   * Reads one line.
   *
   * @return null when the line is not in this format, or its request has no target
   */
  static LogLine parse(byte[] line) {
    int ipEnd = indexOf(line, ' ', 0);
    int timeStart = indexOf(line, '[', Math.max(ipEnd, 0)) + 1;
    int timeEnd = indexOf(line, ']', timeStart);
    if (ipEnd < 1 || timeStart == 0 || timeEnd < 0) {
      return null;
    }
    int requestStart = opening(line, timeEnd + 1);
    int requestEnd = closing(line, requestStart);
    int referrerStart = opening(line, indexOf(line, '"', requestEnd + 1) - 1);
    int referrerEnd = closing(line, referrerStart);
    int agentStart = opening(line, referrerEnd + 1);
    int agentEnd = closing(line, agentStart);
    if (requestEnd < 0 || referrerEnd < 0 || agentEnd < 0) {
      return null;
    }
    Matcher request = REQUEST.matcher(LogText.decode(line, requestStart, requestEnd));
    Instant time = time(LogText.decode(line, timeStart, timeEnd));
    if (time == null || !request.matches()) {
      return null;
    }
    return new LogLine(
        LogText.decode(line, 0, ipEnd),
        time,
        request.group(1),
        orNull(LogText.decode(line, referrerStart, referrerEnd)),
        orNull(LogText.decode(line, agentStart, agentEnd)));
  }

  /** The event: one JSON object. */
  byte[] toJson(String host, String eventTime) {
    ByteArrayBuilder bytes = new ByteArrayBuilder(1024);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("url", target);
      json.writeStringField("host", host);
      json.writeStringField("referrer", referrer);
      json.writeStringField("user_agent", userAgent);
      json.writeStringField("ip", ip);
      json.writeObjectFieldStart("headers");
      json.writeEndObject();
      json.writeStringField("event_time", eventTime);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static String orNull(String field) {
    return field.equals(NONE) ? null : field;
  }

  private static Instant time(String text) {
    try {
      Instant time = OffsetDateTime.parse(text, TIME).toInstant();
      return EventTime.canWrite(time) ? time : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static int indexOf(byte[] line, char wanted, int from) {
    for (int i = from; i < line.length; i++) {
      if (line[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** Behind a blank and a quotation mark that stand at a place, or -1. */
  private static int opening(byte[] line, int at) {
    boolean opens = at > 0 && at + 1 < line.length && line[at] == ' ' && line[at + 1] == '"';
    return opens ? at + 2 : -1;
  }

  /** The next quotation mark that no backslash escapes, or -1. */
  private static int closing(byte[] line, int from) {
    if (from < 0) {
      return -1;
    }
    for (int i = from; i < line.length; i++) {
      if (line[i] == '\\') {
        i++;
      } else if (line[i] == '"') {
        return i;
      }
    }
    return -1;
  }
}
