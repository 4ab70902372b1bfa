package dev.trafficctl.cli.flink;

/** What has become of an asynchronous operation. */
public sealed interface AsyncResult {
  /** It goes on. */
  record InProgress() implements AsyncResult {}

  /**
   * It came to a good end.
   *
   * @param result the path of a savepoint, the number of a checkpoint, or an empty text
   */
  record Completed(String result) implements AsyncResult {}

  /**
   * It failed, although Flink calls it COMPLETED.
   *
   * @param cause why, without a stack trace
   * @param savepoint the savepoint that exists all the same, or null
   */
  record Failed(String cause, String savepoint) implements AsyncResult {}

  /**
   * Flink does not know it: it was never asked for, the result is older than {@code
   * rest.async.store-duration}, or the JobManager was restarted since.
   */
  record Missing() implements AsyncResult {}
}
