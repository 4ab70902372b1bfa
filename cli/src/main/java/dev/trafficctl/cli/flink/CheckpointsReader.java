package dev.trafficctl.cli.flink;

import java.time.Duration;

/** Reads the body of {@code /jobs/:id/checkpoints}. */
final class CheckpointsReader {
  private CheckpointsReader() {}

  static Checkpoints read(Body body) {
    Body counts = body.at("counts");
    Body latest = body.at("latest");
    return new Checkpoints(
        counts.number("completed"),
        counts.number("failed"),
        counts.number("in_progress"),
        checkpoint(latest, "completed"),
        checkpoint(latest, "savepoint"),
        checkpoint(latest, "failed"),
        latest.find("restored").map(CheckpointsReader::restored).orElse(null),
        body.list("history").stream().map(CheckpointsReader::checkpoint).toList());
  }

  private static Checkpoint checkpoint(Body latest, String field) {
    return latest.find(field).map(CheckpointsReader::checkpoint).orElse(null);
  }

  private static Checkpoint checkpoint(Body body) {
    // -1 stands for one that goes on.
    long took = body.number("end_to_end_duration");
    return new Checkpoint(
        body.number("id"),
        body.text("status"),
        body.flag("is_savepoint"),
        body.time("trigger_timestamp"),
        took < 0 ? null : Duration.ofMillis(took),
        body.number("state_size"),
        body.count("num_subtasks"),
        body.count("num_acknowledged_subtasks"),
        path(body),
        body.optionalFlag("discarded"),
        body.optionalTrace("failure_message").orElse(null));
  }

  private static Checkpoints.Restored restored(Body body) {
    return new Checkpoints.Restored(
        body.number("id"), body.time("restore_timestamp"), body.flag("is_savepoint"), path(body));
  }

  private static String path(Body body) {
    // Flink's words for a checkpoint that is kept in the JobManager's memory.
    return body.optionalText("external_path").filter(path -> !path.startsWith("<")).orElse(null);
  }
}
