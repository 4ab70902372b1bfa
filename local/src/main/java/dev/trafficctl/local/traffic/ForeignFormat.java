package dev.trafficctl.local.traffic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a line seems to be that is neither an event nor of an access log that is read. */
final class ForeignFormat {
  private static final JsonFactory JSON = new JsonFactory();

  /** As much of a line as is looked at. */
  private static final int MOST = 4096;

  /** Ends the name of a field that holds an object. */
  private static final String OBJECT = "{";

  /**
   * A log of JSON lines.
   *
   * @param name with its article
   * @param fields what one writes there, or who wrote its format is likely to
   * @param enough so many of them tell it from others
   */
  private record JsonLog(String name, int enough, Set<String> fields) {}

  private static final List<JsonLog> JSON_LOGS =
      List.of(
          new JsonLog(
              "a JSON access log of Caddy",
              2,
              Set.of("request" + OBJECT, "resp_headers" + OBJECT, "logger", "bytes_read")),
          new JsonLog(
              "a JSON log of CloudFront",
              1,
              Set.of("x-edge-location", "x-edge-result-type", "cs-uri-stem", "cs(User-Agent)")),
          new JsonLog(
              "a JSON log of an AWS load balancer",
              1,
              Set.of("target_status_code", "elb_status_code", "target_group_arn")),
          new JsonLog(
              "a JSON access log of Nginx",
              2,
              Set.of(
                  "remote_addr",
                  "remote_ip",
                  "remote_user",
                  "time_local",
                  "time_iso8601",
                  "request",
                  "request_uri",
                  "http_user_agent",
                  "body_bytes_sent")));

  private static final List<Map.Entry<String, Pattern>> TEXTS =
      List.of(
          Map.entry(
              "a log of an AWS application load balancer",
              Pattern.compile("(?:https?|h2|grpcs|wss?) \\d{4}-\\d\\d-\\d\\dT\\S+ (?:app|net)/.*")),
          Map.entry(
              "a log of an AWS classic load balancer",
              Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\S+Z \\S+ [\\d.]+:\\d+ .*")),
          Map.entry(
              "a log in the W3C extended format, as CloudFront and IIS write it",
              Pattern.compile("#(?:Version|Fields|Software|Date|Remark): .*")),
          Map.entry(
              "a log of CloudFront",
              Pattern.compile("\\d{4}-\\d\\d-\\d\\d\\t\\d\\d:\\d\\d:\\d\\d\\t.*")),
          Map.entry(
              "a log of HAProxy",
              Pattern.compile(
                  "(?:.* )?\\S+:\\d+ \\[\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d\\.\\d{3}] \\S+ \\S+/\\S+ .*")),
          Map.entry(
              "a server access log of Amazon S3",
              Pattern.compile(
                  "\\S+ \\S+ \\[[^]]+] \\S+ \\S+ \\S+ (?:REST|SOAP|WEBSITE|BATCH|S3)\\.\\S+ .*")),
          Map.entry(
              "an access log of Envoy", Pattern.compile("\\[\\d{4}-\\d\\d-\\d\\dT[^]]+] \".*")),
          Map.entry(
              "an access log of Squid",
              Pattern.compile("\\d{9,11}\\.\\d{3} +\\d+ \\S+ [A-Z_]+/\\d{3} \\d+ [A-Z_-]+ .*")),
          Map.entry("a page of HTML", Pattern.compile("(?i)<(?:!doctype html|html)\\b.*")),
          Map.entry("XML", Pattern.compile("<\\?xml .*")),
          Map.entry(
              "an error log",
              Pattern.compile("\\[[^]]+] \\[.*|\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d \\[.*")));

  private ForeignFormat() {}

  /** A name with its article, or null if it is none of those that are known. */
  static String of(byte[] line) {
    String text =
        new String(line, 0, Math.min(line.length, MOST), StandardCharsets.ISO_8859_1).strip();
    if (text.startsWith("{")) {
      return json(line);
    }
    return TEXTS.stream()
        .filter(format -> format.getValue().matcher(text).matches())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  private static String json(byte[] line) {
    Set<String> names = new HashSet<>();
    try (JsonParser json = JSON.createParser(line)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        names.add(json.nextToken() == JsonToken.START_OBJECT ? name + OBJECT : name);
        json.skipChildren();
      }
    } catch (IOException e) {
      return "JSON that is cut off or broken";
    }
    for (JsonLog log : JSON_LOGS) {
      if (log.fields().stream().filter(names::contains).count() >= log.enough()) {
        return log.name();
      }
    }
    return names.contains("event_time")
        ? "JSON whose event_time is no time with a zone"
        : "JSON without event_time";
  }
}
