package dev.trafficctl.cli.lag;

/** Where the lag goes. */
public enum Trend {
  /** There is no more to read than what comes in until the reader's offsets are told again. */
  CAUGHT_UP("caught up"),
  /** More is read than comes in. */
  RECOVERING("recovering"),
  /** As much is read as comes in. */
  STEADY("steady"),
  /** Less is read than comes in. */
  GROWING("growing"),
  /** There is something to read, and nothing is read. */
  STALLED("stalled");

  /** By how much one rate must exceed the other to count as larger. */
  private static final double CLEARLY = 1.05;

  private final String words;

  Trend(String words) {
    this.words = words;
  }

  /** As it is shown. */
  public String words() {
    return words;
  }

  /**
   * The trend of what has not caught up.
   *
   * @param in events a second that come in, or null
   * @param out events a second that are read, or null
   * @return null if it cannot be known
   */
  static Trend of(Double in, Double out) {
    if (out == null) {
      return null;
    }
    if (out <= 0) {
      return STALLED;
    }
    if (in == null) {
      return null;
    }
    if (in > out * CLEARLY) {
      return GROWING;
    }
    return out > in * CLEARLY ? RECOVERING : STEADY;
  }
}
