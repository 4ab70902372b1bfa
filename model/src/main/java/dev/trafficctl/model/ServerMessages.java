package dev.trafficctl.model;

/**
 * What Postgres sends beside its answers. The driver keeps all of it in memory, in one chain of
 * warnings: that of a trigger which raises a notice for each row grows with every batch.
 */
public final class ServerMessages {
  /**
   * Keeps Postgres from sending notices and warnings, which nobody reads, until the transaction
   * ends; only INFO is sent whatever is set.
   */
  public static final String NONE_IN_TRANSACTION = "SET LOCAL client_min_messages = error";

  private ServerMessages() {}
}
