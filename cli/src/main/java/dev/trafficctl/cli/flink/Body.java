package dev.trafficctl.cli.flink;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An object in one of Flink's answers. A field that must be there and is not, or is of another
 * kind, means that something other than Flink answers: every method but those that answer with an
 * {@link Optional} then throws {@link FlinkUnreachableException}.
 */
final class Body {
  private static final int LONGEST_LINE = 8 * 1024;

  private final FlinkHttp from;
  private final JsonNode node;

  private Body(FlinkHttp from, JsonNode node) {
    this.from = from;
    this.node = node;
  }

  /** The answer as an object. */
  static Body object(FlinkHttp from, JsonNode answer) {
    if (!answer.isObject()) {
      throw from.notFlink("an object is expected");
    }
    return new Body(from, answer);
  }

  /** The objects in an answer that is an array. */
  static List<Body> array(FlinkHttp from, JsonNode answer) {
    if (!answer.isArray()) {
      throw from.notFlink("an array is expected");
    }
    List<Body> elements = new ArrayList<>();
    answer.forEach(element -> elements.add(object(from, element)));
    return elements;
  }

  /** A text of one line; what would break the line is escaped, lest a message has one more. */
  String text(String field) {
    String text = checked(field, node.path(field).isTextual()).textValue();
    checked(field, text.length() <= LONGEST_LINE);
    return line(text);
  }

  /** A text of one line, or nothing when it is null, missing or of another kind. */
  Optional<String> optionalText(String field) {
    return node.path(field).isTextual() ? Optional.of(text(field)) : Optional.empty();
  }

  /** A text of any length and any number of lines, as a stack trace. */
  String trace(String field) {
    return checked(field, node.path(field).isTextual()).textValue();
  }

  /** The same, or nothing when it is null, missing or of another kind. */
  Optional<String> optionalTrace(String field) {
    return Optional.ofNullable(node.path(field).textValue());
  }

  private static String line(String text) {
    boolean one = text.indexOf('\n') < 0 && text.indexOf('\r') < 0;
    return one ? text : text.replace("\n", "\\u000A").replace("\r", "\\u000D");
  }

  /** A whole number. */
  long number(String field) {
    return checked(field, node.path(field).canConvertToExactIntegral()).longValue();
  }

  /** A whole number that is no larger than an {@code int}. */
  int count(String field) {
    JsonNode value = node.path(field);
    return checked(field, value.canConvertToExactIntegral() && value.canConvertToInt()).intValue();
  }

  /** A number that need not be whole; NaN where Flink says NaN. */
  double share(String field) {
    JsonNode value = node.path(field);
    boolean none = "NaN".equals(value.textValue());
    checked(field, value.isNumber() || none);
    return none ? Double.NaN : value.doubleValue();
  }

  /** A text, or a number as a text; nothing when it is null, missing or of another kind. */
  Optional<String> scalar(String field) {
    JsonNode value = node.path(field);
    if (value.isNumber()) {
      return Optional.of(value.asText());
    }
    return optionalText(field);
  }

  /** Whether a truth value is true. */
  boolean flag(String field) {
    return checked(field, node.path(field).isBoolean()).booleanValue();
  }

  /** Whether a truth value is there and true. */
  boolean optionalFlag(String field) {
    return node.path(field).booleanValue();
  }

  /** A time in milliseconds since 1970. */
  Instant time(String field) {
    return Instant.ofEpochMilli(number(field));
  }

  /** A job id. */
  JobId jobId(String field) {
    String text = text(field);
    checked(field, JobId.is(text));
    return new JobId(text);
  }

  /** A trigger id. */
  TriggerId triggerId(String field) {
    String text = text(field);
    checked(field, TriggerId.is(text));
    return new TriggerId(text);
  }

  /** An object. */
  Body at(String field) {
    return new Body(from, checked(field, node.path(field).isObject()));
  }

  /** An object, or nothing when it is null, missing or of another kind. */
  Optional<Body> find(String field) {
    JsonNode value = node.path(field);
    return value.isObject() ? Optional.of(new Body(from, value)) : Optional.empty();
  }

  /** The objects in an array. */
  List<Body> list(String field) {
    return array(from, checked(field, node.path(field).isArray()));
  }

  /** The fields of this object, each of which is an object. */
  Map<String, Body> objects() {
    Map<String, Body> objects = new TreeMap<>();
    node.properties().forEach(entry -> objects.put(entry.getKey(), at(entry.getKey())));
    return objects;
  }

  /** The fields of this object whose values are texts. */
  Map<String, String> texts() {
    Map<String, String> texts = new TreeMap<>();
    node.properties()
        .forEach(
            entry -> {
              if (entry.getValue().isTextual()) {
                texts.put(entry.getKey(), entry.getValue().textValue());
              }
            });
    return texts;
  }

  /** The fields of this object that are times which have come, in milliseconds since 1970. */
  Map<String, Instant> times() {
    Map<String, Instant> times = new TreeMap<>();
    node.properties()
        .forEach(
            entry -> {
              if (entry.getValue().asLong() > 0) {
                times.put(entry.getKey(), time(entry.getKey()));
              }
            });
    return times;
  }

  private JsonNode checked(String field, boolean fits) {
    if (!fits) {
      throw from.notFlink("'" + field + "' is missing or of another kind");
    }
    return node.path(field);
  }
}
