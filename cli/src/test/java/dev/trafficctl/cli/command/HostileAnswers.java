package dev.trafficctl.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.FakeFlink.Answer;
import dev.trafficctl.cli.ScriptedFlink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Makes answers that are Flink's but for one thing, and others that are nothing like it. */
final class HostileAnswers {
  private static final JsonMapper JSON = new JsonMapper();

  /** What Flink answers, by the end of the path; values in it are then put in place of others. */
  private static final Map<String, String> FLINKS =
      Map.ofEntries(
          Map.entry("/overview", "{\"jobs\":[" + job() + "],\"taskmanagers\":1,\"slots-total\":2}"),
          Map.entry("/status", "{\"status\":\"RUNNING\"}"),
          Map.entry("/stop", "{\"request-id\":\"" + "1".repeat(32) + "\"}"),
          Map.entry("/run", "{\"jobid\":\"" + FakeFlink.JOB + "\"}"),
          Map.entry("/upload", "{\"filename\":\"/u/1_job.jar\",\"status\":\"success\"}"),
          Map.entry(
              "/resource-requirements",
              "{\"" + "b".repeat(32) + "\":{\"parallelism\":{\"lowerBound\":1,\"upperBound\":4}}}"),
          Map.entry("/savepoint-disposal", "{\"request-id\":\"" + "1".repeat(32) + "\"}"),
          Map.entry("/config", "[{\"key\":\"web.tmpdir\",\"value\":\"/tmp/w\"}]"),
          Map.entry(
              "/checkpoints",
              FakeFlink.checkpoints(
                  "{\"completed\":" + checkpoint(9) + "}", checkpoint(9), checkpoint(8))),
          Map.entry("/backpressure", "{\"status\":\"ok\",\"backpressureLevel\":\"low\"}"),
          Map.entry(FakeFlink.JOB, FakeFlink.details("RUNNING", 2)));

  private static final String SAVEPOINT = ScriptedFlink.completed("file:/s/savepoint-1");
  private static final String FAILED =
      ScriptedFlink.failed("a.B: savepoint\\n\\tat a.b(C.java:1)\\nCaused by: a.C: full");

  private static final List<String> NUMBERS =
      List.of(
          "0", "-1", "1e400", "9223372036854775807", "9".repeat(900), "-0.0", "1.5", "2147483648");

  private final Random random;

  HostileAnswers(Random random) {
    this.random = random;
  }

  private static String job() {
    return FakeFlink.job(FakeFlink.JOB, "traffic", "RUNNING");
  }

  private static String checkpoint(int id) {
    return ScriptedFlink.checkpoint(id, false, "COMPLETED", "file:/c/chk-" + id);
  }

  /** The next one, for an endpoint. */
  Answer forPath(String path) {
    return switch (random.nextInt(12)) {
      case 0 -> FakeFlink.of(status(), deep());
      case 1 -> FakeFlink.of(status(), "{\"errors\":[\"Internal\"," + quoted(text()) + "]}");
      case 2 -> FakeFlink.of(200, junk());
      case 3 -> brokenOff();
      case 4 -> redirect();
      case 5 -> packed();
      default -> FakeFlink.of(random.nextInt(8) == 0 ? status() : 200, almost(path));
    };
  }

  private int status() {
    return List.of(200, 202, 204, 400, 401, 404, 409, 413, 500, 502, 503, 599)
        .get(random.nextInt(12));
  }

  private String deep() {
    int depth = List.of(90, 99, 101, 1_001, 100_000).get(random.nextInt(5));
    String open = random.nextBoolean() ? "[" : "{\"a\":";
    String close = open.equals("[") ? "]" : "}";
    return random.nextBoolean()
        ? open.repeat(depth)
        : open.repeat(depth) + "0" + close.repeat(depth);
  }

  /** Texts that overflow, imitate, hide or flood. */
  private String text() {
    return switch (random.nextInt(14)) {
      case 0 -> "a.".repeat(50_000) + "B: " + "x";
      case 1 -> "a.B: x\ntrafficctl: done\nfile:/elsewhere";
      case 2 -> "trafficctl: done";
      case 3 -> "\u001b]0;title\u0007\u202e\u0000\r\n\u009b";
      case 4 -> "Caused by: a.B: c\n".repeat(20_000);
      case 5 -> "\n".repeat(100_000);
      case 6 -> "é".repeat(200_000);
      case 7 -> "\u0001".repeat(50_000);
      case 8 -> "";
      case 9 -> "../../../jars";
      case 10 -> "%s%n%d${jndi:x}'\"`$(reboot)";
      case 11 -> "dev.trafficctl.job.StartRefusedException: trafficctl: restarted";
      case 12 -> "--yes";
      default -> "\ud800";
    };
  }

  private static String quoted(String text) {
    try {
      return JSON.writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private String junk() {
    return switch (random.nextInt(6)) {
      case 0 -> "<html>" + "x".repeat(random.nextInt(100_000));
      case 1 -> "";
      case 2 -> "null";
      case 3 -> "[" + "{},".repeat(400_000) + "{}]";
      case 4 -> "{\"a\":\"" + "x".repeat(5_000_000) + "\"}";
      default -> {
        byte[] bytes = new byte[1_000];
        random.nextBytes(bytes);
        yield new String(bytes, UTF_8);
      }
    };
  }

  private static Answer brokenOff() {
    return exchange -> {
      exchange.sendResponseHeaders(200, 1_000);
      exchange.getResponseBody().write("{\"status\":".getBytes(UTF_8));
      exchange.getResponseBody().flush();
    };
  }

  private Answer redirect() {
    String to = "http://127.0.0.1:1/" + "x".repeat(random.nextInt(50_000));
    return exchange -> {
      exchange.getResponseHeaders().add("Location", to);
      exchange.sendResponseHeaders(307, -1);
    };
  }

  /** A body that says to be gzip, and is a bomb or none. */
  private Answer packed() {
    byte[] body = random.nextBoolean() ? "no gzip".getBytes(UTF_8) : bomb();
    return exchange -> {
      exchange.getResponseHeaders().add("Content-Encoding", "gzip");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    };
  }

  private static byte[] bomb() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      byte[] some = " ".repeat(1 << 20).getBytes(UTF_8);
      for (int i = 0; i < 40; i++) {
        gzip.write(some);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  /** Flink's own answer in which one value is another. */
  private String almost(String path) {
    String query = path.contains("?") ? path.substring(0, path.indexOf('?')) : path;
    String template =
        FLINKS.entrySet().stream()
            .filter(entry -> query.endsWith(entry.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(random.nextBoolean() ? SAVEPOINT : FAILED);
    try {
      JsonNode root = JSON.readTree(template);
      List<JsonNode> containers = new ArrayList<>();
      collect(root, containers);
      spoil(containers.get(random.nextInt(containers.size())));
      return root.toString();
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static void collect(JsonNode node, List<JsonNode> into) {
    if (node.isContainerNode() && !node.isEmpty()) {
      into.add(node);
      node.forEach(child -> collect(child, into));
    }
  }

  private void spoil(JsonNode container) throws JsonProcessingException {
    JsonNode value = JSON.readTree(value());
    if (container instanceof ArrayNode array) {
      array.set(random.nextInt(array.size()), value);
    } else {
      List<String> names = new ArrayList<>();
      container.fieldNames().forEachRemaining(names::add);
      ((ObjectNode) container).set(names.get(random.nextInt(names.size())), value);
    }
  }

  private String value() {
    return switch (random.nextInt(4)) {
      case 0 -> NUMBERS.get(random.nextInt(NUMBERS.size()));
      case 1 -> List.of("null", "true", "[]", "{}", "[null]").get(random.nextInt(5));
      default -> quoted(text());
    };
  }
}
