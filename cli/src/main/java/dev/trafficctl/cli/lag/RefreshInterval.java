package dev.trafficctl.cli.lag;

import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.FlinkErrorException;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.util.TimeUtils;

/** How often Flink renews its metrics, which is how old a live offset can be. */
final class RefreshInterval {
  /** Flink's own default. */
  static final Duration DEFAULT = Duration.ofSeconds(10);

  // Nobody waits for metrics so long; a server that says more must not overflow what is reckoned.
  private static final Duration LONGEST = Duration.ofDays(365);

  private RefreshInterval() {}

  /** As Flink is configured; the default where it does not tell. */
  static Duration ask(FlinkClient flink) {
    try {
      return of(flink.clusterConfig());
    } catch (FlinkErrorException e) {
      // Without it the lag is known all the same.
      return DEFAULT;
    }
  }

  private static Duration of(Map<String, String> config) {
    try {
      Duration interval =
          TimeUtils.parseDuration(config.getOrDefault("metrics.fetcher.update-interval", ""));
      if (interval.isNegative()) {
        return DEFAULT;
      }
      return interval.compareTo(LONGEST) < 0 ? interval : LONGEST;
    } catch (IllegalArgumentException e) {
      return DEFAULT;
    }
  }
}
