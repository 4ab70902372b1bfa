package dev.trafficctl.cli.runbook;

import dev.trafficctl.local.traffic.TrafficEvent;
import dev.trafficctl.local.traffic.TrafficEvent.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;

/**
 * Events of which is known what the job makes of them: of fifty, one is rejected, which is no share
 * that makes the job unhealthy, 19 are filtered and 30 are written. They go on until {@link #end}.
 */
final class DrillEvents implements Iterator<TrafficEvent> {
  private final Clock clock;
  private volatile boolean ended;
  private long number;
  private long written;
  private long filtered;
  private long rejected;

  DrillEvents(Clock clock) {
    this.clock = clock;
  }

  @Override
  public boolean hasNext() {
    return !ended;
  }

  @Override
  public TrafficEvent next() {
    long place = number++ % 50;
    if (place == 0) {
      rejected++;
      return new TrafficEvent("{".getBytes(StandardCharsets.UTF_8), Kind.BAD);
    }
    if (place % 10 <= 3) {
      filtered++;
      return event("/style.css");
    }
    written++;
    return event("/page/" + number);
  }

  private TrafficEvent event(String url) {
    String json =
        "{\"url\":\"%s\",\"host\":\"shop.example.com\",\"ip\":\"203.0.113.9\",\"event_time\":\"%s\"}"
            .formatted(url, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    return new TrafficEvent(json.getBytes(StandardCharsets.UTF_8), Kind.GOOD);
  }

  /** Lets them end. */
  void end() {
    ended = true;
  }

  long all() {
    return number;
  }

  long written() {
    return written;
  }

  long filtered() {
    return filtered;
  }

  long rejected() {
    return rejected;
  }
}
