package dev.trafficctl.cli.rejected;

import dev.trafficctl.cli.postgres.RejectedRow;
import dev.trafficctl.cli.postgres.Settlement;
import dev.trafficctl.cli.postgres.Settlement.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What became of rejected events that were sent again. Not thread-safe. */
public final class RetryCounts {
  /** More places than these are not told. */
  private static final int MOST_PLACES = 10;

  private long stored;
  private long present;
  private long filtered;
  private long rewritten;
  private long unreadable;
  private final List<String> unreadPlaces = new ArrayList<>();
  private final SortedMap<String, Long> rejected = new TreeMap<>();
  private final SortedMap<String, Refused> refused = new TreeMap<>();

  /**
   * Rows that Postgres refuses again.
   *
   * @param state the SQLSTATE
   * @param count how many
   * @param message what Postgres says of the first one
   * @param place where the first one is in Kafka
   */
  public record Refused(String state, long count, String message, String place) {}

  /** Counts one that neither its row nor Kafka has all of. */
  public void unreadable(RejectedRow row) {
    unreadable++;
    if (unreadPlaces.size() < MOST_PLACES) {
      unreadPlaces.add(row.partition() + "/" + row.offset());
    }
  }

  /** Counts one that is rejected for what its row says already. */
  public void unchanged(Verdict.Reject verdict) {
    rejected.merge(verdict.rejection().reason().code(), 1L, Long::sum);
  }

  /** Counts verdicts that were carried out together. */
  public void carriedOut(List<Verdict> verdicts, Settlement.Done done) {
    List<RejectedRow> stay = new ArrayList<>();
    done.refusals().forEach(refusal -> stay.add(refusal.row()));
    long kept = 0;
    for (Verdict verdict : verdicts) {
      if (stay.contains(verdict.row())) {
        continue;
      }
      if (verdict instanceof Verdict.Keep) {
        kept++;
      } else if (verdict instanceof Verdict.Drop) {
        filtered++;
      } else if (verdict instanceof Verdict.Reject again) {
        rewritten++;
        unchanged(again);
      }
    }
    stored += done.stored();
    present += kept - done.stored();
    for (Settlement.Refusal refusal : done.refusals()) {
      RejectedRow row = refusal.row();
      refused.merge(
          refusal.state(),
          new Refused(refusal.state(), 1, refusal.message(), row.partition() + "/" + row.offset()),
          (one, other) -> new Refused(one.state(), one.count() + 1, one.message(), one.place()));
    }
  }

  /** Rows of processed_events that were written. */
  public long stored() {
    return stored;
  }

  /** Events whose row of processed_events was there already. */
  public long present() {
    return present;
  }

  /** Events that the filter drops. */
  public long filtered() {
    return filtered;
  }

  /** Records that are rejected again, by reason. */
  public SortedMap<String, Long> rejected() {
    return Collections.unmodifiableSortedMap(rejected);
  }

  /** Those of them whose row says something else now. */
  public long rewritten() {
    return rewritten;
  }

  /** What Postgres refuses again, by SQLSTATE. */
  public List<Refused> refused() {
    return List.copyOf(refused.values());
  }

  /** Rows of which neither they nor Kafka have the whole event. */
  public long unread() {
    return unreadable;
  }

  /** Where the first ten of them are in Kafka. */
  public List<String> unreadPlaces() {
    return List.copyOf(unreadPlaces);
  }

  /** How many rows Postgres refuses again. */
  public long refusedRows() {
    return refused.values().stream().mapToLong(Refused::count).sum();
  }

  /** How many records are rejected again. */
  public long rejectedRows() {
    return rejected.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Whether anything was changed. */
  public boolean changed() {
    return stored + present + filtered + rewritten > 0;
  }

  /** How many rows were looked at. */
  public long seen() {
    return stored + present + filtered + rejectedRows() + refusedRows() + unreadable;
  }
}
