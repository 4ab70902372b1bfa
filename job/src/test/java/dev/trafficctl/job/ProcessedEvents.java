package dev.trafficctl.job;

import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.WebEvent;
import java.util.List;
import java.util.stream.IntStream;

/** Events for tests. */
final class ProcessedEvents {
  static final short SOURCE = 7;
  static final int PARTITION = 3;
  static final long KAFKA_TIMESTAMP = 1_706_745_599_500L;
  static final long EVENT_TIME_MICROS = 1_706_745_599_123_000L;

  private ProcessedEvents() {}

  /** An event that differs from every other one in its offset. */
  static ProcessedEvent at(long offset) {
    return at(offset, "/products/" + offset + "?ref=mail");
  }

  static ProcessedEvent at(long offset, String url) {
    return at(
        offset,
        new WebEvent(
            new byte[] {(byte) 192, 0, 2, 1},
            EVENT_TIME_MICROS,
            "https://example.org/",
            "www.example.com",
            url,
            "{\"city\": \"München\", \"country\": \"DE\"}",
            "Mozilla/5.0 (X11; Linux x86_64)"));
  }

  static ProcessedEvent at(long offset, WebEvent event) {
    return new ProcessedEvent(SOURCE, PARTITION, offset, KAFKA_TIMESTAMP, false, event);
  }

  /** Events with the offsets from 0. */
  static List<ProcessedEvent> many(int count) {
    return IntStream.range(0, count).mapToObj(ProcessedEvents::at).toList();
  }
}
