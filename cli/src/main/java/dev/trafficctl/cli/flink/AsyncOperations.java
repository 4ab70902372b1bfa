package dev.trafficctl.cli.flink;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/**
 * The endpoints of Flink's REST API for what takes time: asked for under a trigger id, under which
 * Flink tells later what has become of it. They throw what those of {@link FlinkClient} throw.
 *
 * @see <a
 *     href="https://nightlies.apache.org/flink/flink-docs-release-2.2/docs/ops/rest_api/">asynchronous
 *     operations</a>
 */
public final class AsyncOperations {
  // The words of StopWithSavepointStoppingException.
  private static final Pattern SAVEPOINT_OF_FAILED_STOP =
      Pattern.compile("savepoint has been created at: (.+?), but the corresponding job ");

  private final RestCalls rest;

  AsyncOperations(RestCalls rest) {
    this.rest = rest;
  }

  /**
   * {@code POST /jobs/:id/savepoints}: triggers a savepoint; under a trigger id that Flink knows
   * already, nothing happens.
   *
   * @param directory where it goes, or null for the cluster's {@code
   *     execution.checkpointing.savepoint-dir}
   */
  public void triggerSavepoint(
      JobId id, TriggerId trigger, String directory, SavepointFormat format) {
    ObjectNode body =
        RestCalls.object()
            .put("triggerId", trigger.text())
            .put("cancel-job", false)
            .put("formatType", format.name());
    if (directory != null) {
      body.put("target-directory", directory);
    }
    rest.post(rest.job(id.text()).addPathSegment("savepoints"), body);
  }

  /**
   * {@code POST /jobs/:id/stop}: triggers stop-with-savepoint (FLIP-34); under a trigger id that
   * Flink knows already, nothing happens.
   *
   * @param directory where the savepoint goes, or null for the cluster's {@code
   *     execution.checkpointing.savepoint-dir}
   * @param drain whether the end of time is declared first, after which the job cannot go on from
   *     the savepoint as if nothing had happened
   */
  public void triggerStop(JobId id, TriggerId trigger, String directory, boolean drain) {
    // The directory is spelled otherwise here than for savepoints.
    ObjectNode body = RestCalls.object().put("triggerId", trigger.text()).put("drain", drain);
    if (directory != null) {
      body.put("targetDirectory", directory);
    }
    rest.post(rest.job(id.text()).addPathSegment("stop"), body);
  }

  /**
   * {@code GET /jobs/:id/savepoints/:triggerid}: what has become of a savepoint or of a
   * stop-with-savepoint.
   */
  public AsyncResult savepointResult(JobId id, TriggerId trigger) {
    return result(
        rest.job(id.text()).addPathSegment("savepoints").addPathSegment(trigger.text()),
        "location");
  }

  /** {@code POST /jobs/:id/checkpoints}: triggers a checkpoint. */
  public void triggerCheckpoint(JobId id, TriggerId trigger) {
    ObjectNode body =
        RestCalls.object().put("triggerId", trigger.text()).put("checkpointType", "FULL");
    rest.post(rest.job(id.text()).addPathSegment("checkpoints"), body);
  }

  /** {@code GET /jobs/:id/checkpoints/:triggerid}: the result is the number of the checkpoint. */
  public AsyncResult checkpointResult(JobId id, TriggerId trigger) {
    return result(
        rest.job(id.text()).addPathSegment("checkpoints").addPathSegment(trigger.text()),
        "checkpointId");
  }

  /**
   * {@code POST /savepoint-disposal}: asks for a savepoint to be deleted. Flink chooses the id
   * itself, so that every question is a new one.
   *
   * @return the id under which Flink tells what has become of it
   */
  public TriggerId triggerDisposal(String path) {
    Body answer =
        rest.post(rest.path("savepoint-disposal"), RestCalls.object().put("savepoint-path", path));
    return answer.triggerId("request-id");
  }

  /** {@code GET /savepoint-disposal/:triggerid}. */
  public AsyncResult disposalResult(TriggerId trigger) {
    return result(rest.path("savepoint-disposal").addPathSegment(trigger.text()), "none");
  }

  private AsyncResult result(HttpUrl.Builder url, String field) {
    Optional<Body> body = rest.find(url);
    if (body.isEmpty()) {
      return new AsyncResult.Missing();
    }
    String status = body.get().at("status").text("id");
    if (status.equals("IN_PROGRESS")) {
      return new AsyncResult.InProgress();
    }
    Body operation = body.get().at("operation");
    Optional<Body> failure = operation.find("failure-cause");
    if (failure.isEmpty()) {
      return new AsyncResult.Completed(operation.scalar(field).orElse(""));
    }
    String trace = failure.get().optionalTrace("stack-trace").orElse("");
    Matcher savepoint = SAVEPOINT_OF_FAILED_STOP.matcher(trace);
    return new AsyncResult.Failed(
        ServerError.of(trace).map(ServerError.Cause::text).orElse("Flink does not say why"),
        savepoint.find() ? savepoint.group(1) : null);
  }
}
