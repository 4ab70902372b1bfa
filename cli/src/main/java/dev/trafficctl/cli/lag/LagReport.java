package dev.trafficctl.cli.lag;

import dev.trafficctl.cli.kafka.HeldBack;
import dev.trafficctl.cli.kafka.OpenTransaction;
import dev.trafficctl.cli.output.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;

/**
 * How far behind a reader is, concluded from what was found out.
 *
 * @param reading what was found out
 * @param partitions each partition, by topic and number
 * @param total all of them together
 * @param notes what a person should know besides, a line each
 */
public record LagReport(
    LagReading reading, List<PartitionLag> partitions, LagFigures total, List<String> notes) {
  private static final double MILLIS = 1_000;
  private static final Duration SOON = Duration.ofHours(1);

  /** The conclusions. */
  public static LagReport of(LagReading reading) {
    return new Conclusion(reading).report();
  }

  /**
   * A transaction that keeps readers of committed events from an end.
   *
   * @param at where
   */
  private record Held(TopicPartition at, OpenTransaction transaction) {}

  private static Held oldest(LagReading reading) {
    return reading.partitions().entrySet().stream()
        .filter(each -> each.getValue().open() != null)
        .map(each -> new Held(each.getKey(), each.getValue().open()))
        .min(
            Comparator.comparing(
                held -> held.transaction().since(),
                Comparator.nullsFirst(Comparator.naturalOrder())))
        .orElse(null);
  }

  /** The oldest transaction that keeps readers of committed events from an end, or null. */
  public OpenTransaction oldestTransaction() {
    Held oldest = oldest(reading);
    return oldest == null ? null : oldest.transaction();
  }

  private record Rates(Double in, Double out) {}

  private static final class Conclusion {
    private final LagReading reading;
    private final Map<TopicPartition, Rates> rates = new HashMap<>();
    private final Map<TopicPartition, Duration> timeLags = new HashMap<>();
    private final Map<Integer, List<TopicPartition>> bySubtask = new HashMap<>();
    private final List<String> notes;

    Conclusion(LagReading reading) {
      this.reading = reading;
      this.notes = new ArrayList<>(reading.notes());
    }

    LagReport report() {
      reading
          .partitions()
          .forEach(
              (at, known) -> {
                timeLags.put(at, timeLag(known));
                if (known.subtask() != null) {
                  bySubtask.computeIfAbsent(known.subtask(), key -> new ArrayList<>()).add(at);
                }
              });
      reading.partitions().forEach((at, known) -> rates.put(at, rates(at, known)));
      List<PartitionLag> partitions = new ArrayList<>();
      reading.partitions().forEach((at, known) -> partitions.add(conclude(at, known)));
      LagFigures total = total(partitions.stream().map(PartitionLag::figures).toList());
      addNotes(partitions, total);
      return new LagReport(reading, List.copyOf(partitions), total, List.copyOf(notes));
    }

    private static Long lag(LagReading.Partition known) {
      return known.nothingToRead() ? Long.valueOf(0) : known.lagOf(known.next());
    }

    private Duration timeLag(LagReading.Partition known) {
      Long lag = lag(known);
      if (lag != null && lag == 0) {
        return Duration.ZERO;
      }
      // What waits behind a transaction has come in since that began.
      Instant since = known.waits() ? known.open().since() : known.nextEvent();
      if (since == null) {
        return null;
      }
      Duration age = Duration.between(since, reading.at());
      return age.isNegative() ? Duration.ZERO : age;
    }

    private Rates rates(TopicPartition at, LagReading.Partition known) {
      return new Rates(rateIn(at, known), rateOut(at, known));
    }

    private Double rateIn(TopicPartition at, LagReading.Partition known) {
      Long before = reading.earlier() == null ? null : reading.earlier().ends().get(at);
      if (before != null && known.end() != null) {
        return perSecond(known.end() - before);
      }
      Duration timeLag = timeLags.get(at);
      Long lag = lag(known);
      // What has not been read came in since the first of it.
      return timeLag != null && !timeLag.isZero() && lag != null
          ? lag * MILLIS / timeLag.toMillis()
          : null;
    }

    private Double rateOut(TopicPartition at, LagReading.Partition known) {
      if (Boolean.FALSE.equals(reading.running())) {
        return 0.0;
      }
      Long before = reading.earlier() == null ? null : reading.earlier().next().get(at);
      if (before != null && known.next() != null) {
        return perSecond(known.next() - before);
      }
      Double ofSubtask =
          known.subtask() == null ? null : reading.readPerSecond().get(known.subtask());
      boolean itsAlone = ofSubtask != null && bySubtask.get(known.subtask()).size() == 1;
      return itsAlone || (ofSubtask != null && ofSubtask == 0) ? ofSubtask : null;
    }

    private Double perSecond(long events) {
      long millis = Duration.between(reading.earlier().at(), reading.at()).toMillis();
      return millis <= 0 ? null : Math.max(0, events) * MILLIS / millis;
    }

    private PartitionLag conclude(TopicPartition at, LagReading.Partition known) {
      Rates rate = rates.get(at);
      Long lag = lag(known);
      Trend trend =
          lag == null ? null : caughtUp(at) ? Trend.CAUGHT_UP : Trend.of(rate.in, rate.out);
      Duration retentionLeft = null;
      if (known.nextEvent() != null && known.retention() != null && trend != Trend.CAUGHT_UP) {
        Duration left = Duration.between(reading.at(), known.nextEvent().plus(known.retention()));
        retentionLeft = left.isNegative() ? Duration.ZERO : left;
      }
      return new PartitionLag(
          at,
          known,
          new LagFigures(
              known.lagOf(known.committed()),
              known.lagOf(known.checkpointed()),
              known.lagOf(known.live()),
              lag,
              timeLags.get(at),
              rate.in,
              rate.out,
              trend,
              caughtUp(at) ? null : eta(at, known),
              retentionLeft));
    }

    private boolean caughtUp(TopicPartition at) {
      LagReading.Partition known = reading.partitions().get(at);
      Long lag = lag(known);
      Double in = rates.get(at).in;
      if (lag == null) {
        return false;
      }
      boolean onlyNotToldYet =
          known.open() == null
              && known.live() != null
              && in != null
              && lag <= in * reading.refresh().toMillis() / MILLIS;
      return lag == 0 || onlyNotToldYet;
    }

    /**
     * A partition has caught up at the latest when its subtask has: what a subtask does not read
     * from one partition it reads from its others.
     */
    private Duration eta(TopicPartition at, LagReading.Partition known) {
      Duration own = eta(List.of(at));
      Duration ofSubtask = known.subtask() == null ? null : eta(bySubtask.get(known.subtask()));
      if (own == null || ofSubtask == null) {
        return own == null ? ofSubtask : own;
      }
      return own.compareTo(ofSubtask) < 0 ? own : ofSubtask;
    }

    private Duration eta(List<TopicPartition> of) {
      Double in = sum(of, at -> rates.get(at).in);
      Double out = sum(of, at -> rates.get(at).out);
      if (out == null && reading.partitions().get(of.get(0)).subtask() != null && of.size() > 1) {
        out = reading.readPerSecond().get(reading.partitions().get(of.get(0)).subtask());
      }
      Double lag =
          sum(
              of,
              at -> {
                Long events = lag(reading.partitions().get(at));
                return events == null ? null : events.doubleValue();
              });
      return lag == null || in == null || Trend.of(in, out) != Trend.RECOVERING
          ? null
          : Duration.ofMillis(Math.round(lag / (out - in) * MILLIS));
    }

    private LagFigures total(List<LagFigures> partitions) {
      Double in = sum(partitions, LagFigures::rateIn);
      Double out = sum(partitions, LagFigures::rateOut);
      boolean allAreRead =
          reading.partitions().values().stream().allMatch(each -> each.subtask() != null);
      if (out == null && allAreRead && !reading.readPerSecond().isEmpty()) {
        out = reading.readPerSecond().values().stream().mapToDouble(Double::doubleValue).sum();
      }
      Long lag = sumOf(partitions, LagFigures::lag);
      List<LagFigures> behind =
          partitions.stream().filter(each -> each.trend() != Trend.CAUGHT_UP).toList();
      Trend trend = lag == null ? null : behind.isEmpty() ? Trend.CAUGHT_UP : Trend.of(in, out);
      boolean etaIsKnown =
          trend == Trend.RECOVERING && behind.stream().allMatch(each -> each.eta() != null);
      boolean timeIsKnown = partitions.stream().allMatch(each -> each.timeLag() != null);
      return new LagFigures(
          sumOf(partitions, LagFigures::committedLag),
          sumOf(partitions, LagFigures::checkpointedLag),
          sumOf(partitions, LagFigures::liveLag),
          lag,
          timeIsKnown ? largest(partitions, LagFigures::timeLag) : null,
          in,
          out,
          trend,
          etaIsKnown ? largest(behind, LagFigures::eta) : null,
          partitions.stream()
              .map(LagFigures::retentionLeft)
              .filter(Objects::nonNull)
              .min(Comparator.naturalOrder())
              .orElse(null));
    }

    private void noteOpenTransaction() {
      Held oldest = LagReport.oldest(reading);
      if (oldest == null) {
        return;
      }
      long held =
          reading.partitions().values().stream().filter(each -> each.open() != null).count();
      OpenTransaction open = oldest.transaction();
      HeldBack waits =
          new HeldBack(open.lastStableOffset(), reading.partitions().get(oldest.at()).end());
      String transaction =
          (open.since() == null ? "" : " for " + Text.age(age(open)) + ", since " + open.since())
              + " ("
              + (open.transactionalId() == null
                  ? "transactional id unknown"
                  : "transactional id " + open.transactionalId())
              + ", producer "
              + (open.producerId() == null ? "unknown" : open.producerId().toString())
              + ")";
      notes.add(
          waits.words(oldest.at().toString(), transaction, held)
              + ". If its producer is gone: kafka-transactions.sh --bootstrap-server ... abort"
              + " --topic "
              + oldest.at().topic()
              + " --partition "
              + oldest.at().partition()
              + " --start-offset "
              + open.lastStableOffset());
    }

    private Duration age(OpenTransaction open) {
      Duration age = Duration.between(open.since(), reading.at());
      return age.isNegative() ? Duration.ZERO : age;
    }

    private void addNotes(List<PartitionLag> partitions, LagFigures total) {
      noteOpenTransaction();
      int onlyGaps = 0;
      int unknown = 0;
      for (PartitionLag each : partitions) {
        LagReading.Partition known = each.known();
        Long next = known.next();
        if (known.nothingToRead()) {
          onlyGaps++;
        }
        unknown += each.figures().lag() == null ? 1 : 0;
        known
            .lost(each.at().partition())
            .ifPresent(
                lost ->
                    notes.add(
                        "partition "
                            + each.at()
                            + ": Kafka has deleted what would be read next, the offsets "
                            + lost.first()
                            + " to "
                            + lost.last()));
        if (next != null && known.live() == null && known.end() != null && next > known.end()) {
          notes.add(
              "partition "
                  + each.at()
                  + ": the offset "
                  + next
                  + " lies behind the end of the log, "
                  + known.end()
                  + ": the topic was made anew, or has lost events");
        }
        if (isUrgent(each.figures())) {
          notes.add(
              "partition "
                  + each.at()
                  + ": Kafka may delete what has not been read in "
                  + Text.age(each.figures().retentionLeft()));
        }
      }
      if (onlyGaps > 0) {
        notes.add(
            "in "
                + onlyGaps
                + (onlyGaps == 1 ? " partition" : " partitions")
                + " no event lies between the offset and the end, only what transactions or"
                + " compaction left; their lag is 0");
      }
      if (unknown > 0 && total.lag() == null) {
        notes.add(
            "the lag of "
                + unknown
                + " of "
                + partitions.size()
                + " partitions is not known, and so that of all together is not");
      }
    }

    private static boolean isUrgent(LagFigures each) {
      return each.retentionLeft() != null
          && (each.retentionLeft().compareTo(SOON) < 0
              || (each.eta() != null && each.retentionLeft().compareTo(each.eta()) < 0));
    }

    private static <T> Double sum(Collection<T> all, Function<T, Double> part) {
      double sum = 0;
      for (T each : all) {
        Double value = part.apply(each);
        if (value == null) {
          return null;
        }
        sum += value;
      }
      return sum;
    }

    private static Long sumOf(List<LagFigures> all, Function<LagFigures, Long> part) {
      long sum = 0;
      for (LagFigures each : all) {
        Long value = part.apply(each);
        if (value == null) {
          return null;
        }
        sum += value;
      }
      return sum;
    }

    private static Duration largest(List<LagFigures> all, Function<LagFigures, Duration> part) {
      return all.stream().map(part).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }
  }
}
