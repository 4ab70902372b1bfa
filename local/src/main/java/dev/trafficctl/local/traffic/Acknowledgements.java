package dev.trafficctl.local.traffic;

import dev.trafficctl.local.traffic.SendReport.Offsets;
import dev.trafficctl.local.traffic.TrafficEvent.Kind;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.Callback;

/**
 * What the broker answered. The producer's own thread writes it, and the sending thread as well
 * where the producer refuses a record by itself.
 */
final class Acknowledgements {
  /**
   * A record that did not get into the topic.
   *
   * @param number its place among the events, from 1
   */
  record Refusal(long number, int bytes, Exception reason) {}

  private final SortedMap<Integer, Offsets> partitions = new TreeMap<>();
  private long sent;
  private long bad;
  private long late;
  private Refusal refusal;

  /** What to call when the answer for one event is there. */
  Callback of(long number, TrafficEvent event) {
    Kind kind = event.kind();
    int bytes = event.value() == null ? 0 : event.value().length;
    return (metadata, failure) -> {
      if (failure == null) {
        acknowledged(kind, metadata.partition(), metadata.offset());
      } else {
        refused(new Refusal(number, bytes, failure));
      }
    };
  }

  private synchronized void acknowledged(Kind kind, int partition, long offset) {
    sent++;
    switch (kind) {
      case GOOD -> {}
      case BAD -> bad++;
      case LATE -> late++;
    }
    partitions.merge(
        partition, new Offsets(offset, offset), (known, added) -> known.with(added.first()));
  }

  private synchronized void refused(Refusal other) {
    if (refusal == null || other.number() < refusal.number()) {
      refusal = other;
    }
  }

  /** The first event that was refused, or null. */
  synchronized Refusal refusal() {
    return refusal;
  }

  synchronized TrafficCounts counts() {
    return new TrafficCounts(sent, bad, late);
  }

  synchronized SortedMap<Integer, Offsets> partitions() {
    return new TreeMap<>(partitions);
  }
}
