package dev.trafficctl.cli.state;

/** What came of reading a savepoint or checkpoint. */
public sealed interface StateReading {
  /**
   * It can be restored.
   *
   * @param file what is in it
   */
  record Whole(StateFile file) implements StateReading {}

  /**
   * There is nothing at that place, or nothing that Flink could restore.
   *
   * @param problem one line: what is wrong, and where
   */
  record Broken(String problem) implements StateReading {}

  /**
   * It lies where only Flink can read, such as {@code s3://bucket/savepoint-1}. That says nothing
   * about whether it can be restored.
   *
   * @param problem one line that says so
   */
  record Elsewhere(String problem) implements StateReading {}
}
