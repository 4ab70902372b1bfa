package dev.trafficctl.cli.flink;

import java.util.UUID;

/**
 * A job id.
 *
 * @param text 32 hexadecimal digits in lower case
 */
public record JobId(String text) {
  /**
   * Checks the text.
   *
   * @throws IllegalArgumentException when it is no job id
   */
  public JobId {
    if (!text.matches("[0-9a-f]{32}")) {
      throw new IllegalArgumentException("a job id is 32 hexadecimal digits in lower case");
    }
  }

  /**
   * A new id. Sent with a submission, it lets Flink refuse the same submission a second time, and
   * it can be looked up when the answer was lost.
   */
  public static JobId random() {
    return new JobId(UUID.randomUUID().toString().replace("-", ""));
  }

  @Override
  public String toString() {
    return text;
  }
}
