package dev.trafficctl.cli.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.process.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The form of an entry on disk: a JSON object a line, {@code asked}, then {@code step}s, then
 * {@code ended}. A line counts once its line feed is there: what it announces is done only then.
 */
final class EntryFormat {
  private static final int VERSION = 1;

  private final JsonMapper json = new JsonMapper();

  /**
   * The bytes of the first line.
   *
   * @param parent the id of the operation of which this one is a part, or null
   */
  byte[] asked(String id, Asked asked, Instant at, Author by, long pid, String parent) {
    ObjectNode line =
        line("asked", at)
            .put("version", VERSION)
            .put("id", id)
            .put("verb", asked.verb())
            .put("flink", asked.flink())
            .put("context", asked.context())
            .put("jobId", asked.jobId() == null ? null : asked.jobId().text())
            .put("job", asked.job())
            .put("by", by.toString())
            .put("pid", pid);
    if (parent != null) {
      line.put("parent", parent);
    }
    asked.options().forEach(line.putObject("options")::put);
    return bytes(line);
  }

  /** The bytes of a line in the middle. */
  byte[] step(Step step) {
    ObjectNode line = line("step", step.at()).put("name", step.name());
    step.details().forEach(line.putObject("details")::put);
    return bytes(line);
  }

  /** The bytes of the last line. */
  byte[] ended(Ended ended) {
    return bytes(
        line("ended", ended.at())
            .put("outcome", ended.outcome().name().toLowerCase(Locale.ROOT))
            .put("path", ended.path())
            .put("message", ended.message()));
  }

  private ObjectNode line(String record, Instant at) {
    return json.createObjectNode().put("record", record).put("at", at.toString());
  }

  private byte[] bytes(ObjectNode line) {
    try {
      return (json.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("text and numbers always make JSON", e);
    }
  }

  /** How much of an entry counts: up to its last line feed. */
  static int complete(byte[] content) {
    int end = content.length;
    while (end > 0 && content[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  /**
   * What an entry says.
   *
   * @param content all of the file; what follows the last line feed was never finished and is left
   *     out
   */
  Reading read(String id, byte[] content) {
    Asked asked = null;
    Instant at = null;
    String by = null;
    long pid = 0;
    String parent = null;
    List<Step> steps = new ArrayList<>();
    Ended ended = null;
    int number = 0;
    for (byte[] line : lines(content)) {
      number++;
      try {
        JsonNode node = object(line);
        String record = text(node, "record");
        if (number == 1) {
          require(record.equals("asked") && node.path("version").asInt() == VERSION);
          require(text(node, "id").equals(id));
          at = time(node);
          by = text(node, "by");
          pid = node.path("pid").asLong();
          parent = node.path("parent").textValue();
          asked = asked(node);
        } else if (record.equals("step")) {
          steps.add(new Step(time(node), text(node, "name"), texts(node.path("details"))));
        } else {
          require(record.equals("ended"));
          ended = ended(node);
        }
      } catch (IOException | IllegalArgumentException | DateTimeException e) {
        return new Reading(null, number, asked);
      }
    }
    return asked == null
        ? new Reading(null, 0, null)
        : new Reading(new Operation(id, asked, at, by, pid, parent, steps, ended), 0, asked);
  }

  private JsonNode object(byte[] line) throws IOException {
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
    JsonNode node = json.readTree(text);
    require(node.isObject());
    return node;
  }

  private static Asked asked(JsonNode node) {
    String jobId = node.path("jobId").textValue();
    return new Asked(
        text(node, "verb"),
        text(node, "flink"),
        node.path("context").textValue(),
        jobId == null ? null : new JobId(jobId),
        text(node, "job"),
        texts(node.path("options")));
  }

  private static Ended ended(JsonNode node) {
    return new Ended(
        time(node),
        ExitCode.valueOf(text(node, "outcome").toUpperCase(Locale.ROOT)),
        node.path("path").textValue(),
        text(node, "message"));
  }

  private static List<byte[]> lines(byte[] content) {
    List<byte[]> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < content.length; i++) {
      if (content[i] == '\n') {
        lines.add(Arrays.copyOfRange(content, start, i));
        start = i + 1;
      }
    }
    return lines;
  }

  private static Instant time(JsonNode node) {
    return Instant.parse(text(node, "at"));
  }

  private static String text(JsonNode node, String field) {
    String text = node.path(field).textValue();
    require(text != null);
    return text;
  }

  private static Map<String, String> texts(JsonNode node) {
    require(node.isObject());
    Map<String, String> texts = new TreeMap<>();
    node.properties().forEach(field -> texts.put(field.getKey(), text(node, field.getKey())));
    return texts;
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new IllegalArgumentException("not a line of the journal");
    }
  }

  /**
   * What was read.
   *
   * @param operation the operation; null when the file is damaged or nothing was asked yet
   * @param damagedLine the number of the first line that cannot be read, from 1; 0 if there is none
   * @param asked what was asked, as far as that can be read; else null
   */
  record Reading(Operation operation, int damagedLine, Asked asked) {}
}
