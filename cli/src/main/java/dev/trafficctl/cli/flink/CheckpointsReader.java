package dev.trafficctl.cli.flink;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads the body of {@code /jobs/:id/checkpoints}. */
final class CheckpointsReader {
  private CheckpointsReader() {}

  static Checkpoints read(JsonNode body) {
    JsonNode counts = body.path("counts");
    JsonNode latest = body.path("latest");
    List<Checkpoint> history = new ArrayList<>();
    body.path("history").forEach(entry -> history.add(checkpoint(entry)));
    return new Checkpoints(
        counts.path("completed").asLong(),
        counts.path("failed").asLong(),
        counts.path("in_progress").asLong(),
        checkpoint(latest.path("completed")),
        checkpoint(latest.path("savepoint")),
        checkpoint(latest.path("failed")),
        restored(latest.path("restored")),
        history);
  }

  private static Checkpoint checkpoint(JsonNode node) {
    if (!node.isObject()) {
      return null;
    }
    return new Checkpoint(
        node.path("id").asLong(),
        node.path("status").asText(),
        node.path("is_savepoint").asBoolean(),
        Instant.ofEpochMilli(node.path("trigger_timestamp").asLong()),
        Duration.ofMillis(node.path("end_to_end_duration").asLong()),
        node.path("state_size").asLong(),
        node.path("num_subtasks").asInt(),
        node.path("num_acknowledged_subtasks").asInt(),
        path(node),
        node.path("discarded").asBoolean(),
        node.path("failure_message").textValue());
  }

  private static Checkpoints.Restored restored(JsonNode node) {
    if (!node.isObject()) {
      return null;
    }
    return new Checkpoints.Restored(
        node.path("id").asLong(),
        Instant.ofEpochMilli(node.path("restore_timestamp").asLong()),
        node.path("is_savepoint").asBoolean(),
        path(node));
  }

  private static String path(JsonNode node) {
    String path = node.path("external_path").textValue();
    // Flink's words for a checkpoint that is kept in the JobManager's memory.
    return path == null || path.startsWith("<") ? null : path;
  }
}
