package dev.trafficctl.cli.demo;

import dev.trafficctl.cli.flink.JobCounters;
import dev.trafficctl.cli.postgres.OffsetRanges;
import dev.trafficctl.cli.postgres.RowCounts;
import dev.trafficctl.model.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The three independent counts of the same events, and whether they agree and satisfy {@code read =
 * written + filtered + rejected}.
 *
 * @param kafka the offsets that were filled
 * @param postgres the rows of these offsets
 * @param job what the job has counted
 */
public record Books(OffsetRanges kafka, RowCounts postgres, JobCounters job) {
  /** Whether every event has arrived somewhere, as far as rows and counters can tell. */
  public boolean complete() {
    return job.read() >= kafka.size()
        && postgres.allWritten() + job.allFiltered() + postgres.allRejected() >= kafka.size();
  }

  /** What does not agree, a line each; empty when the law holds. */
  public List<String> differences() {
    List<String> found = new ArrayList<>();
    compare(found, "events in Kafka", kafka.size(), "read by the job", job.read());
    compare(
        found,
        "rows in processed_events",
        postgres.allWritten(),
        "written by the job",
        job.written());
    compare(
        found,
        "rows in rejected_events",
        postgres.allRejected(),
        "rejected by the job",
        job.allRejected());
    rejectedByJob()
        .forEach(
            (reason, count) ->
                compare(
                    found,
                    "rows rejected as " + reason,
                    postgres.rejectedByReason().getOrDefault(reason, 0L),
                    "counted by the job",
                    count));
    compare(
        found,
        "events in Kafka",
        kafka.size(),
        "rows written and rejected, and events filtered",
        postgres.allWritten() + postgres.allRejected() + job.allFiltered());
    if (job.refused() == 0) {
      compare(found, "late rows", postgres.late(), "late events counted by the job", job.late());
    }
    kafka
        .sizes()
        .forEach(
            (partition, size) -> {
              long rows =
                  postgres.written().getOrDefault(partition, 0L)
                      + postgres.rejected().getOrDefault(partition, 0L);
              if (rows > size) {
                found.add(
                    String.format(
                        Locale.ROOT,
                        "partition %d: %,d rows for %,d events",
                        partition,
                        rows,
                        size));
              }
            });
    return found;
  }

  /** What the job rejected, by reason; reasons that did not occur are left out. */
  public SortedMap<String, Long> rejectedByJob() {
    SortedMap<String, Long> reasons = new TreeMap<>(job.rejected());
    reasons.merge(Tables.REFUSED_BY_POSTGRES, job.refused(), Long::sum);
    postgres.rejectedByReason().keySet().forEach(reason -> reasons.putIfAbsent(reason, 0L));
    reasons
        .entrySet()
        .removeIf(
            entry ->
                entry.getValue() == 0 && !postgres.rejectedByReason().containsKey(entry.getKey()));
    return reasons;
  }

  private static void compare(
      List<String> found, String oneName, long one, String otherName, long other) {
    if (one != other) {
      found.add(String.format(Locale.ROOT, "%s: %,d, but %s: %,d", oneName, one, otherName, other));
    }
  }
}
