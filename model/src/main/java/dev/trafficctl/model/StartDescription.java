package dev.trafficctl.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a job was started, as it says itself: enough to start it again, and no secret. A running job
 * registers it as parameters that Flink's REST API shows, and keeps it in its state as JSON, so
 * that it can also be read from a savepoint or a retained checkpoint when the job is gone.
 *
 * @param jobName the job's name
 * @param parallelism the job's parallelism, from 1
 * @param arguments what the job's {@code main} gets, with the settings that came from its
 *     environment
 * @param version the version of the job, or null if it is not known
 * @param jarSha256 the SHA-256 of the job's jar in hexadecimal digits, or null if it is not known
 */
public record StartDescription(
    String jobName, int parallelism, List<String> arguments, String version, String jarSha256) {
  /** The parameter with the version of the job. */
  public static final String VERSION = "trafficctl.version";

  /** The parameter with the SHA-256 of the job's jar, in hexadecimal digits. */
  public static final String JAR_SHA256 = "trafficctl.jar-sha256";

  /** The parameter with the job's arguments, as a JSON array of strings. */
  public static final String ARGUMENTS = "trafficctl.arguments";

  /**
   * The parameter with the offsets at which reading started; a job that was restored has none,
   * since it goes on where its state ends.
   */
  public static final String STARTING_OFFSETS = "trafficctl.starting-offsets";

  /** The parameter that names who started the job, if that was told: {@code user@host}. */
  public static final String SUBMITTED_BY = "trafficctl.submitted-by";

  /**
   * The parameter that says where the job found its tables when it was submitted, as {@link
   * TablesPlace#toJson} makes it.
   */
  public static final String POSTGRES_TABLES = "trafficctl.postgres-tables";

  /**
   * The parameter with the id of the operation that started the job, if that was told: it tells two
   * requests of one person apart.
   */
  public static final String OPERATION = "trafficctl.operation";

  /**
   * The parameter with what whoever starts the job should know, which only the job itself found out
   * when it was submitted; it is missing where there is nothing.
   */
  public static final String WARNING = "trafficctl.warning";

  /**
   * Stands, in the option with which Flink is told what to restore ({@code
   * execution.state-recovery.path}), for a state that comes into being only as another job ends,
   * while the job is asked whether it could start.
   */
  public static final String STATE_TO_COME = "what-comes-into-being-as-the-job-ends";

  private static final JsonMapper JSON = new JsonMapper();

  /** With a list that does not change. */
  public StartDescription {
    arguments = List.copyOf(arguments);
  }

  /**
   * From the parameters that a job registers.
   *
   * @throws IllegalArgumentException when they hold no arguments that can be read
   */
  public static StartDescription of(
      String jobName, int parallelism, Map<String, String> parameters) {
    String arguments = parameters.get(ARGUMENTS);
    if (arguments == null) {
      throw new IllegalArgumentException("the job registers no " + ARGUMENTS);
    }
    return new StartDescription(
        jobName,
        parallelism,
        strings(parse(arguments), ARGUMENTS),
        parameters.get(VERSION),
        parameters.get(JAR_SHA256));
  }

  /**
   * From the text that {@link #toJson} makes.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static StartDescription ofJson(String text) {
    JsonNode node = parse(text);
    if (!node.path("jobName").isTextual() || !node.path("parallelism").isInt()) {
      throw new IllegalArgumentException("it has no jobName and parallelism");
    }
    return new StartDescription(
        node.path("jobName").textValue(),
        node.path("parallelism").intValue(),
        strings(node.path("arguments"), "arguments"),
        node.path("version").textValue(),
        node.path("jarSha256").textValue());
  }

  /** As one JSON object. */
  public String toJson() {
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("jobName", jobName)
            .put("parallelism", parallelism)
            .put("version", version)
            .put("jarSha256", jarSha256);
    node.set("arguments", array(arguments));
    return node.toString();
  }

  /** Arguments as a JSON array, which is how a job registers them. */
  public static String json(List<String> arguments) {
    return array(arguments).toString();
  }

  private static ArrayNode array(List<String> arguments) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    arguments.forEach(array::add);
    return array;
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("it is not JSON", e);
    }
  }

  private static List<String> strings(JsonNode array, String name) {
    if (!array.isArray()) {
      throw new IllegalArgumentException(name + " is not an array");
    }
    List<String> strings = new ArrayList<>();
    for (JsonNode element : array) {
      if (!element.isTextual()) {
        throw new IllegalArgumentException(name + " holds something that is not a text");
      }
      strings.add(element.textValue());
    }
    return strings;
  }
}
