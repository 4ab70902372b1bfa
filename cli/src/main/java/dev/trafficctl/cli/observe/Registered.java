package dev.trafficctl.cli.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.flink.JobConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a job has registered of itself. Each of it is null when the job did not.
 *
 * @param version the version of the build that its jar comes from
 * @param jarSha256 the SHA-256 of its jar, as 64 hexadecimal digits
 * @param submittedBy who started it, as user@host
 * @param startingOffsets where it started to read without state
 * @param arguments its arguments; no secret is among them
 */
public record Registered(
    String version,
    String jarSha256,
    String submittedBy,
    String startingOffsets,
    List<String> arguments) {

  /** Reads it from how a job was configured, or from null for a job of which that is not known. */
  public static Registered of(JobConfig config) {
    Map<String, String> user = config == null ? Map.of() : config.userConfig();
    return new Registered(
        user.get("trafficctl.version"),
        user.get("trafficctl.jar-sha256"),
        user.get("trafficctl.submitted-by"),
        user.get("trafficctl.starting-offsets"),
        arguments(user.get("trafficctl.arguments")));
  }

  private static List<String> arguments(String json) {
    if (json == null) {
      return null;
    }
    try {
      JsonNode array = new JsonMapper().readTree(json);
      if (!array.isArray()) {
        return null;
      }
      List<String> arguments = new ArrayList<>();
      array.forEach(argument -> arguments.add(argument.asText()));
      return List.copyOf(arguments);
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
