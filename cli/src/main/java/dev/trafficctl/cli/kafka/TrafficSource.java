package dev.trafficctl.cli.kafka;

import dev.trafficctl.local.traffic.AccessLog;
import dev.trafficctl.local.traffic.DayRhythm;
import dev.trafficctl.local.traffic.TrafficEvent;
import dev.trafficctl.local.traffic.TrafficGenerator;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.function.LongSupplier;

/** Where events to send come from. */
public final class TrafficSource {
  /** The host of the lines of an access log that do not name it. */
  public static final String DEFAULT_HOST = "www.example.com";

  private TrafficSource() {}

  /** Made-up events that happen now, one by one. */
  public static Iterator<TrafficEvent> live(Clock clock, Mix mix) {
    return generate(clock::millis, mix);
  }

  /** Made-up events of the last 24 hours, more by day than by night. */
  public static Iterator<TrafficEvent> lastDay(Clock clock, long count, Mix mix) {
    Instant now = clock.instant();
    Instant dayBefore = now.minus(Duration.ofDays(1));
    return generate(new DayRhythm(dayBefore, now, Math.max(1, count)), mix);
  }

  /** The events of a file at their own times. */
  public static AccessLog file(Path file, String host, Clock clock) {
    return AccessLog.open(file, host, clock);
  }

  /** The events of a file, moved in time so that the newest happens now. */
  public static AccessLog fileMovedToNow(Path file, String host, Clock clock) {
    return AccessLog.openShifted(file, host, clock);
  }

  private static Iterator<TrafficEvent> generate(LongSupplier times, Mix mix) {
    return new TrafficGenerator(mix.seed(), times, mix.badPercent(), mix.latePercent());
  }

  /**
   * What made-up traffic consists of.
   *
   * @param seed the same seed makes the same events
   * @param badPercent how many events in a hundred cannot be stored
   * @param latePercent how many in a hundred carry a time in the past
   */
  public record Mix(long seed, double badPercent, double latePercent) {}
}
