package dev.trafficctl.job;

import java.io.Serializable;
import java.time.Duration;

/**
 * When a batch of rows is written before the checkpoint asks for it: as soon as one of these is
 * reached.
 *
 * @param rows how many rows, from 1
 * @param bytes how many encoded bytes, from 1; a batch exceeds them by one row at most
 * @param age how long after its first row
 */
public record BatchLimits(int rows, int bytes, Duration age) implements Serializable {
  /**
   * 5,000 rows, beyond which larger batches are hardly any faster; 8 MiB; 200 ms, well under the
   * interval of checkpoints.
   */
  public static final BatchLimits DEFAULT = new BatchLimits(5_000, 8 << 20, Duration.ofMillis(200));

  /** Refuses limits that no batch could meet. */
  public BatchLimits {
    if (rows < 1 || bytes < 1 || age.toMillis() < 1) {
      throw new IllegalArgumentException(
          "A batch needs at least 1 row, 1 byte and 1 ms, not %d, %d and %d"
              .formatted(rows, bytes, age.toMillis()));
    }
  }
}
