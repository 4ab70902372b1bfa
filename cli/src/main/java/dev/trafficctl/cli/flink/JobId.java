package dev.trafficctl.cli.flink;

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
    if (!is(text)) {
      throw new IllegalArgumentException("a job id is 32 hexadecimal digits in lower case");
    }
  }

  /**
   * The id of the next job of a name. Whoever starts it after the same job makes the same id, and
   * Flink starts only one job of an id.
   *
   * @param base what tells this start from every other, such as the id of the job before
   * @param attempt from 1
   */
  public static JobId ofStart(String base, int attempt) {
    return new JobId(TriggerId.digest("start/" + base + "/" + attempt));
  }

  /** Whether a text is a job id. */
  static boolean is(String text) {
    return text.matches("[0-9a-f]{32}");
  }

  @Override
  public String toString() {
    return text;
  }
}
