package dev.trafficctl.cli.postgres;

/**
 * The rows of one table that belong to a range of one partition, in the order of their offsets.
 * Their fields are the table's columns from {@code kafka_offset} on, in the order of {@link
 * dev.trafficctl.model.Tables}.
 */
public interface OrderedRows extends AutoCloseable {
  /** How many columns, the first ones, rows do not have: they are the same in a whole range. */
  int SKIPPED = 2;

  /** The next row, or null behind the last. */
  BinaryRow next();

  @Override
  void close();
}
