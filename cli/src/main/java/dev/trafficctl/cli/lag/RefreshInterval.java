package dev.trafficctl.cli.lag;

import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.FlinkErrorException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/** How often Flink renews its metrics, which is how old a live offset can be. */
final class RefreshInterval {
  /** Flink's own default. */
  static final Duration DEFAULT = Duration.ofSeconds(10);

  private static final Pattern MILLIS = Pattern.compile("(\\d{1,9})(?: ?ms)?");
  private static final Pattern SECONDS = Pattern.compile("(\\d{1,6}) ?s");

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
    String text = config.getOrDefault("metrics.fetcher.update-interval", "");
    if (MILLIS.matcher(text).matches()) {
      return Duration.ofMillis(number(text));
    }
    return SECONDS.matcher(text).matches() ? Duration.ofSeconds(number(text)) : DEFAULT;
  }

  private static long number(String text) {
    return Long.parseLong(text.replaceAll("\\D", ""));
  }
}
