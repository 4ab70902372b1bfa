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

  /** Field names that only one server writes, or that mean one to whoever wrote the format. */
  private static final List<Map.Entry<String, Set<String>>> JSON_LOGS =
      List.of(
          Map.entry("a JSON access log of Caddy", Set.of("request", "logger", "resp_headers")),
          Map.entry(
              "a JSON log of CloudFront",
              Set.of("x-edge-location", "x-edge-result-type", "cs-uri-stem", "cs(User-Agent)")),
          Map.entry(
              "a JSON log of an AWS load balancer",
              Set.of("target_status_code", "elb_status_code", "target_group_arn")),
          Map.entry(
              "a JSON access log of Nginx",
              Set.of(
                  "remote_addr",
                  "remote_ip",
                  "time_local",
                  "time_iso8601",
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
        names.add(json.currentName());
        json.nextToken();
        json.skipChildren();
      }
    } catch (IOException e) {
      return "JSON that is cut off or broken";
    }
    for (Map.Entry<String, Set<String>> format : JSON_LOGS) {
      if (format.getValue().stream().anyMatch(names::contains)) {
        return format.getKey();
      }
    }
    return names.contains("event_time")
        ? "JSON whose event_time is no time with a zone"
        : "JSON without event_time";
  }
}
