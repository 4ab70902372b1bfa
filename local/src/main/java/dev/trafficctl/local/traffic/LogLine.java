package dev.trafficctl.local.traffic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.trafficctl.model.EventFields;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line in the combined or the common format of Apache (LogFormat "combined", "vhost_combined"
 * and "common" in the documentation of mod_log_config) Nginx (log_format combined in that of
 * ngx_http_log_module) and lighttpd (accesslog.format in that of mod_accesslog). More fields may
 * follow the user agent. One in quotes right behind it must be X-Forwarded-For, and the last one,
 * as in Nginx's packaged configuration: of another format's fields in quotes nobody knows which is
 * which, but in the extended format of Nginx Amplify, whose second is the host.
 *
 * @param host the host that the target names, or else the virtual host, without its port, or null
 *     where the line does not name one
 * @param ip the client's address, or its name; behind a proxy the visitor's address, the first in
 *     X-Forwarded-For
 * @param time when the request was made, in whole seconds
 * @param target what was asked for
 * @param referrer the page that led here, or null
 * @param userAgent the client's User-Agent header, or null
 * @param common whether the line ends before the referrer
 */
record LogLine(
    String host,
    String ip,
    Instant time,
    String target,
    String referrer,
    String userAgent,
    boolean common) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/uuuu:HH:mm:ss xx", Locale.ENGLISH)
          .withResolverStyle(ResolverStyle.STRICT);

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();

  /** The method is a token of RFC 9110, section 5.6.2. */
  private static final Pattern REQUEST =
      Pattern.compile(
          "[A-Za-z0-9!#$%&'*+.^_`|~-]+ (\\S.*?)(?: HTTP/\\d(?:\\.\\d)?)?", Pattern.DOTALL);

  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+");

  private static final Pattern VIRTUAL_HOST =
      Pattern.compile("([\\p{Alnum}_.-]+|\\[[0-9A-Fa-f:.]+])(?::\\d{1,5})?");

  private static final Pattern NAME_OF_A_HOST = Pattern.compile(".*[.:].*|localhost");

  private static final Pattern ABSOLUTE_URL =
      Pattern.compile("-?|\\p{Alpha}[\\p{Alnum}+.-]*+:\\D.*", Pattern.DOTALL);

  /** A target that names the host itself, which is the one that was meant (RFC 9112, 3.2.2). */
  private static final Pattern ABSOLUTE_FORM =
      Pattern.compile(
          "(?i:https?)://(?:[^/?#@]*@)?([\\p{Alnum}_.-]+|\\[[0-9A-Fa-f:.]+])(?::\\d{0,5})?(?:[/?#].*)?",
          Pattern.DOTALL);

  private static final Pattern WEB_PAGE = Pattern.compile("https?://.*", Pattern.DOTALL);

  private static final byte[] SERVER_NAME = {' ', 's', 'n', '=', '"'};
  private static final String NONE = "-";
  private static final ForwardedFor NOTHING = new ForwardedFor(null);

  /**
   * Reads one line.
   *
   * @return null when the line is not in one of these formats, or its request has no target
   */
  static LogLine parse(byte[] line) {
    // A virtual host that is an IPv6 address begins so too.
    int timeStart = indexOf(line, '[', 1) + 1;
    int timeEnd = indexOf(line, ']', timeStart);
    // The end of a line in an old file of a Mac: what follows is the next line.
    if (timeStart < 2 || timeEnd < 0 || indexOf(line, '\r', 0) >= 0) {
      return null;
    }
    Client client = Client.of(line, timeStart - 1);
    Instant time = time(LogText.decode(line, timeStart, timeEnd));
    int requestStart = opening(line, timeEnd + 1);
    int requestEnd = closing(line, requestStart);
    int numbersEnd = numbersEnd(line, requestEnd);
    if (client == null || time == null || numbersEnd < 0) {
      return null;
    }
    Matcher request = REQUEST.matcher(LogText.decode(line, requestStart, requestEnd));
    if (!request.matches()) {
      return null;
    }
    String target = request.group(1);
    Matcher absolute = ABSOLUTE_FORM.matcher(target);
    String host = absolute.matches() ? absolute.group(1) : client.host();
    if (numbersEnd == line.length) {
      return new LogLine(host, client.ip(), time, target, null, null, true);
    }
    int referrerStart = opening(line, numbersEnd);
    int referrerEnd = closing(line, referrerStart);
    int agentStart = opening(line, referrerEnd + 1);
    int agentEnd = closing(line, agentStart);
    if (referrerEnd < 0 || agentEnd < 0) {
      return null;
    }
    String referrer = LogText.decode(line, referrerStart, referrerEnd);
    String userAgent = LogText.decode(line, agentStart, agentEnd);
    int amplifyHost = amplifyHost(line, agentEnd + 1);
    if (amplifyHost >= 0 && !absolute.matches()) {
      Matcher named =
          VIRTUAL_HOST.matcher(LogText.decode(line, amplifyHost, closing(line, amplifyHost)));
      host = named.matches() && !named.group().equals(NONE) ? named.group(1) : host;
    }
    ForwardedFor forwarded =
        behind(line, agentEnd + 1, amplifyHost < 0 ? line.length : amplifyHost - 2);
    if (forwarded == null || forwarded != NOTHING && !areInPlace(referrer, userAgent)) {
      return null;
    }
    String ip = forwarded.visitor() == null ? client.ip() : forwarded.visitor();
    return new LogLine(host, ip, time, target, orNull(referrer), orNull(userAgent), false);
  }

  /**
   * The event.
   *
   * @param defaultHost the host of a line that does not name one
   */
  EventFields event(String defaultHost, String eventTime) {
    return new EventFields(
        target, host == null ? defaultHost : host, ip, eventTime, referrer, userAgent);
  }

  /** An event as one JSON object. */
  static byte[] toJson(EventFields event) {
    ByteArrayBuilder bytes = new ByteArrayBuilder(1024);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("url", event.url());
      json.writeStringField("host", event.host());
      json.writeStringField("referrer", event.referrer());
      json.writeStringField("user_agent", event.userAgent());
      json.writeStringField("ip", event.ip());
      json.writeObjectFieldStart("headers");
      json.writeEndObject();
      json.writeStringField("event_time", event.eventTime());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** What stands before the time: a virtual host perhaps, the client, and who it says it is. */
  private record Client(String host, String ip) {
    static Client of(byte[] line, int end) {
      if (line[end - 1] != ' ') {
        return null;
      }
      String[] fields = new String(line, 0, end - 1, StandardCharsets.ISO_8859_1).split(" ", 4);
      if (fields.length < 3 || fields[0].isEmpty()) {
        return null;
      }
      // The name of a user may have blanks.
      if (fields[1].equals(NONE)) {
        return new Client(null, LogText.decode(line, 0, fields[0].length()));
      }
      if (!ADDRESS.matcher(fields[1]).matches()) {
        return fields.length == 3
            ? new Client(hostOrUser(fields), LogText.decode(line, 0, fields[0].length()))
            : null;
      }
      Matcher host = VIRTUAL_HOST.matcher(fields[0]);
      if (fields.length == 3 || !fields[2].equals(NONE) || !host.matches()) {
        return null;
      }
      boolean named = !fields[0].equals(NONE) && !fields[0].equals("_");
      return new Client(named ? host.group(1) : null, fields[1]);
    }

    /** Lighttpd has the virtual host where others have the user that a client's identd tells. */
    private static String hostOrUser(String[] fields) {
      Matcher host = VIRTUAL_HOST.matcher(fields[1]);
      boolean named = ADDRESS.matcher(fields[0]).matches() && host.matches();
      return named && NAME_OF_A_HOST.matcher(fields[1]).matches() ? host.group(1) : null;
    }
  }

  private static String orNull(String field) {
    return field.equals(NONE) ? null : field;
  }

  private static Instant time(String text) {
    try {
      Instant time = OffsetDateTime.parse(text, TIME).toInstant();
      return EventTimeWriter.canWrite(time) ? time : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Behind the status and the size that follow the request, or -1. */
  private static int numbersEnd(byte[] line, int requestEnd) {
    int status = requestEnd + 2;
    if (requestEnd < 0 || status + 4 >= line.length || line[requestEnd + 1] != ' ') {
      return -1;
    }
    int at = status;
    while (at < line.length && isDigit(line[at])) {
      at++;
    }
    if (at != status + 3 || line[at] != ' ') {
      return -1;
    }
    int size = at + 1;
    at = size;
    while (at < line.length && isDigit(line[at])) {
      at++;
    }
    if (at == size && at < line.length && line[at] == '-') {
      at++;
    }
    return at > size ? at : -1;
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  /**
   * What follows the user agent: X-Forwarded-For, or {@link #NOTHING} where no field in quotes is
   * right behind it and none further on is that header. Of several fields in quotes nobody knows
   * which it is.
   *
   * @return null if it is cut off, or it cannot be known what is in quotes there
   */
  private static ForwardedFor behind(byte[] line, int start, int limit) {
    if (start < line.length && line[start] != ' ') {
      return null;
    }
    boolean adjacent = opening(line, start) >= 0;
    int quoted = 0;
    ForwardedFor last = null;
    int at = start;
    while (at < limit) {
      if (line[at] == '"') {
        int end = closing(line, at + 1);
        if (end < 0) {
          return null;
        }
        if (line[at - 1] == ' ') {
          quoted++;
          last = ForwardedFor.parse(LogText.decode(line, at + 1, end));
        }
        at = end;
      }
      at++;
    }
    if (quoted == 1 && last != null) {
      return last;
    }
    return adjacent ? null : NOTHING;
  }

  /**
   * Where the host begins that the extended format of Nginx Amplify has behind X-Forwarded-For, and
   * in front of the server's name, {@code sn="…"}; or -1 where the line is not in that format.
   *
   * @see <a href="https://docs.nginx.com/nginx-amplify/metrics-metadata/nginx-metrics/">Additional
   *     NGINX metrics</a>
   */
  private static int amplifyHost(byte[] line, int start) {
    int host = opening(line, closing(line, opening(line, start)) + 1);
    int end = closing(line, host);
    boolean named =
        end >= 0
            && line.length - end > SERVER_NAME.length
            && Arrays.equals(
                line, end + 1, end + 1 + SERVER_NAME.length, SERVER_NAME, 0, SERVER_NAME.length);
    return named ? host : -1;
  }

  /** Whether they can be where they seem to be, and not one field further on. */
  private static boolean areInPlace(String referrer, String userAgent) {
    return ABSOLUTE_URL.matcher(referrer).matches() && !WEB_PAGE.matcher(userAgent).matches();
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
