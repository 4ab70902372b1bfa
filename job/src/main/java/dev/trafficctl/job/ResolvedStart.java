package dev.trafficctl.job;

import java.io.Serializable;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where reading starts without restored state, as it was resolved when the job was submitted.
 *
 * @param topicId the id of the topic (KIP-516), in Kafka's own notation
 * @param offsets the offset of the first event to read, by partition; a partition that is missing
 *     starts at its first event
 */
record ResolvedStart(String topicId, SortedMap<Integer, Long> offsets) implements Serializable {
  ResolvedStart {
    offsets = Collections.unmodifiableSortedMap(new TreeMap<>(offsets));
  }
}
