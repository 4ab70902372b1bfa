package dev.trafficctl.cli.observe;

import dev.trafficctl.cli.flink.LastMinute;
import dev.trafficctl.cli.output.Text;
import java.util.Locale;
import java.util.Optional;

/**
 * How much of the last minute's events may be rejected before a job is unhealthy.
 *
 * @param percent from 0 to 100, which is no limit
 */
public record RejectedLimit(double percent) {
  /** What holds unless something else is given. */
  public static final RejectedLimit DEFAULT = new RejectedLimit(5);

  /** So that one bad event of few is no alarm. */
  public static final int FEWEST = 10;

  /** The rule, for the help text. */
  public static final String RULE =
      "10 or more of the last minute's events were rejected, and that is more than --max-rejected of"
          + " them";

  /** With a share that there can be. */
  public RejectedLimit {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException("a share in percent is from 0 to 100");
    }
  }

  /** Why a job is unhealthy, in words, or nothing if it is not, or if that is not known. */
  public Optional<String> problem(LastMinute minute) {
    if (minute == null || minute.rejected() < FEWEST) {
      return Optional.empty();
    }
    double share = minute.rejectedPercent().orElse(0.0);
    if (share <= percent) {
      return Optional.empty();
    }
    return Optional.of(
        "%s of the last minute's %s events were rejected, %s, more than %s%s"
            .formatted(
                Text.number(minute.rejected()),
                Text.number(minute.all()),
                shown(share),
                shown(percent),
                top(minute)));
  }

  /** The reason that leads, in words, or nothing to add. */
  private static String top(LastMinute minute) {
    return minute
        .topReason()
        .map(
            reason ->
                ", most as %s: %s".formatted(reason, Text.number(minute.reasons().get(reason))))
        .orElse("");
  }

  /** A share in percent for people. */
  public static String shown(double percent) {
    return (percent == Math.rint(percent)
            ? String.valueOf(Math.round(percent))
            : String.format(Locale.ROOT, percent < 0.1 ? "%.3f" : "%.1f", percent))
        + " %";
  }
}
