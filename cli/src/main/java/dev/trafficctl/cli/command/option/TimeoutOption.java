package dev.trafficctl.cli.command.option;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The option that says how long it is waited for. */
public final class TimeoutOption {
  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "15m",
      converter = DurationConverter.class,
      description =
          "How long to wait, such as 90s or 15m; what was begun then goes on in Flink, and"
              + " trafficctl operations resume comes back to it. Default: ${DEFAULT-VALUE}.")
  Duration timeout;

  /** How long to wait. */
  public Duration timeout() {
    return timeout;
  }
}
