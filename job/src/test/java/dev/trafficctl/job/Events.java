package dev.trafficctl.job;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.LongStream;

/** Values of Kafka records that the filter keeps. */
final class Events {
  private Events() {}

  /** An event with a URL and a time of its own. */
  static byte[] event(String url, Instant time) {
    return """
        {"url":"%s","host":"www.example.com","ip":"198.51.100.7","user_agent":"Mozilla/5.0 Firefox/140.0",\
        "event_time":"%s"}"""
        .formatted(url, time.truncatedTo(ChronoUnit.MILLIS))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Events that are told apart by their URLs, /first to /last. */
  static List<byte[]> numbered(long first, long last) {
    Instant now = Instant.now();
    return LongStream.rangeClosed(first, last).mapToObj(n -> event("/" + n, now)).toList();
  }
}
