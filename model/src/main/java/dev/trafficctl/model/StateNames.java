package dev.trafficctl.model;

/**
 * What the job's state is called in checkpoints and savepoints, where the CLI reads it. A name that
 * changes makes the state that exists unreadable.
 */
public final class StateNames {
  /** The uid of the operator that keeps the states named here. */
  public static final String FILTER = "filter";

  /** The union list state that tells how far each partition was read. */
  public static final String READ_PROGRESS = "read-progress";

  /** The list state with the job's {@link StartDescription} as JSON, once for the whole job. */
  public static final String DESCRIPTION = "description";

  private StateNames() {}
}
