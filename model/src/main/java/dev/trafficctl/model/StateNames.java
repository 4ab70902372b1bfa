package dev.trafficctl.model;

/**
 * What the job's state is called in checkpoints and savepoints, where the CLI reads it. A name that
 * changes makes the state that exists unreadable.
 */
public final class StateNames {
  /** The uid of the operator that keeps the job's own states. */
  public static final String FILTER = "filter";

  /** The uid of the Kafka source, whose own state Flink defines. */
  public static final String READ = "read";

  /** The union list state that tells how far each partition was read. */
  public static final String READ_PROGRESS = "read-progress";

  /** The union list state with the record that was read last of each partition. */
  public static final String LAST_READ = "last-read";

  /** The list state with the job's {@link StartDescription} as JSON, once for the whole job. */
  public static final String DESCRIPTION = "description";

  private StateNames() {}
}
