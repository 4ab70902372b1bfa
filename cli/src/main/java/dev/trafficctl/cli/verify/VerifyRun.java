package dev.trafficctl.cli.verify;

import dev.trafficctl.cli.kafka.KafkaConnection;
import dev.trafficctl.cli.kafka.RangeReader;
import dev.trafficctl.cli.output.Progress;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.postgres.CopiedRows;
import dev.trafficctl.cli.postgres.JobDatabase;
import dev.trafficctl.cli.postgres.OrderedRows;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.verify.Difference.Kind;
import dev.trafficctl.kafka.ValueSize;
import dev.trafficctl.model.EventFilter;
import dev.trafficctl.model.EventParser;
import dev.trafficctl.model.FilterRules;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.Tables;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One comparison of ranges of a topic with the rows. A few partitions at a time, each by one thread
 * with one connection to Kafka and two to Postgres: what each of the three has sent ahead waits in
 * the buffers of the connections, so that memory is bounded.
 */
final class VerifyRun {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
  private static final int SECONDS_TO_END = 10;
  private static final RowComparison COMPARISON = new RowComparison(Tables.EVENTS, Tables.REJECTED);

  private final KafkaConnection kafka;
  private final JobDatabase database;
  private final Settings settings;
  private final Clock clock;
  private final Progress progress;
  private final Scope scope;
  private final Short source;
  private final boolean compacted;
  private final int limit;
  private final LateMarks late;
  private final FilterRules rules;
  private final Queue<Part> waiting = new ConcurrentLinkedQueue<>();
  private final List<Part> parts = new ArrayList<>();
  private final AtomicLong checked = new AtomicLong();
  private volatile boolean ended;

  VerifyRun(
      KafkaConnection kafka,
      JobDatabase database,
      Settings settings,
      Clock clock,
      Progress progress,
      Scope scope,
      Short source,
      boolean compacted,
      int limit) {
    this.kafka = kafka;
    this.database = database;
    this.settings = settings;
    this.clock = clock;
    this.progress = progress;
    this.scope = scope;
    this.source = source;
    this.compacted = compacted;
    this.limit = limit;
    this.late =
        new LateMarks(
            settings.outOfOrderness(),
            settings.allowedLateness(),
            scope.wholePast(),
            scope.ranges().size() == 1);
    this.rules =
        settings.filter() == null ? FilterRules.defaults() : FilterRules.parse(settings.filter());
    scope.ranges().forEach((number, range) -> parts.add(new Part(number, range)));
    // The largest first, so that all threads end at about the same time.
    parts.stream()
        .sorted(Comparator.comparingLong((Part part) -> part.range.size()).reversed())
        .forEach(waiting::add);
  }

  /** Checks all partitions; the answer is why that could not be finished. */
  Optional<String> all(int threads) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<?>> futures = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      futures.add(pool.submit(this::some));
    }
    Optional<String> problem = Optional.empty();
    try {
      for (Future<?> future : futures) {
        Optional<String> found = await(future);
        problem = problem.or(() -> found);
      }
    } finally {
      ended = true;
      pool.shutdownNow();
      awaitEnd(pool);
    }
    return problem;
  }

  private Optional<String> await(Future<?> future) {
    Instant began = clock.instant();
    while (true) {
      try {
        future.get(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        return Optional.empty();
      } catch (TimeoutException e) {
        tell(began);
      } catch (ExecutionException e) {
        ended = true;
        if (e.getCause() instanceof CommandException failure) {
          return Optional.of(failure.getMessage());
        }
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.of("interrupted");
      }
    }
  }

  private void tell(Instant began) {
    long done = checked.get();
    long millis = Math.max(1, Duration.between(began, clock.instant()).toMillis());
    long left = scope.size() - done;
    String eta =
        done == 0
            ? ""
            : ", "
                + Text.number(done * 1_000 / millis)
                + "/s, "
                + Text.age(Duration.ofMillis(Math.round((double) left * millis / done)))
                + " left";
    progress.update(
        "checked " + Text.number(done) + " of " + Text.number(scope.size()) + " offsets" + eta);
  }

  private static void awaitEnd(ExecutorService pool) {
    try {
      pool.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Checks partitions as long as some wait. */
  private void some() {
    if (waiting.isEmpty()) {
      return;
    }
    EventParser parser = new EventParser(settings.parsing());
    EventFilter filter = new EventFilter(rules);
    try (RangeReader reader = new RangeReader(kafka, settings.kafkaTopic(), PATIENCE);
        CopiedRows events = database.stream();
        CopiedRows rejections = database.stream()) {
      Part part = waiting.poll();
      while (part != null && !ended) {
        part.check(reader, parser, filter, events, rejections);
        part = waiting.poll();
      }
    }
  }

  /** What was found, once all partitions are checked or it could not be finished. */
  VerifyResult result(
      List<Difference> beyond, String topicId, List<String> notes, Duration took, String problem) {
    List<Difference> differences = new ArrayList<>();
    parts.forEach(part -> differences.addAll(part.differences()));
    Map<Integer, Long> wronglyLate = new HashMap<>();
    if (problem == null) {
      for (LateMarks.Suspect row : late.wrong()) {
        wronglyLate.merge(row.partition(), 1L, Long::sum);
        differences.add(
            new Difference(
                Kind.ALTERED,
                settings.tables().events(),
                row.partition(),
                row.offset(),
                "no event can have made it late",
                List.of(RowComparison.notLate())));
      }
    }
    long unchecked = parts.stream().mapToLong(part -> part.result(0).counts().unchecked()).sum();
    List<String> allNotes = new ArrayList<>(notes);
    if (unchecked > 0) {
      allNotes.add(Text.number(unchecked) + " rows have no event in Kafka any more");
    }
    long asSent = parts.stream().mapToLong(Part::asSent).sum();
    if (asSent > 0) {
      allNotes.add(
          "in %s the text of headers is as it was sent, and not decoded: a job of another version wrote them; they are no differences"
              .formatted(asSent == 1 ? "1 row" : Text.number(asSent) + " rows"));
    }
    List<EarlierRows> earlier = earlier();
    earlier.forEach(rows -> allNotes.add(rows.note()));
    differences.sort(
        Comparator.comparingInt(Difference::partition).thenComparingLong(Difference::offset));
    return new VerifyResult(
        settings.kafkaTopic(),
        topicId,
        source,
        scope,
        parts.stream().map(part -> part.result(wronglyLate.getOrDefault(part.number, 0L))).toList(),
        beyond,
        differences.subList(0, Math.min(limit, differences.size())),
        judgedOtherwise(),
        earlier,
        parts.stream().mapToLong(Part::replaced).sum(),
        allNotes,
        took,
        problem);
  }

  private SortedMap<String, Long> judgedOtherwise() {
    SortedMap<String, Long> rows = new TreeMap<>();
    for (Part part : parts) {
      part.judgedOtherwise().forEach((reason, count) -> rows.merge(reason, count, Long::sum));
    }
    return rows;
  }

  private List<EarlierRows> earlier() {
    Map<String, EarlierRows> all = new TreeMap<>();
    for (Part part : parts) {
      part.earlier()
          .forEach(rows -> all.merge(rows.table() + '.' + rows.column(), rows, EarlierRows::plus));
    }
    return List.copyOf(all.values());
  }

  /** A partition; it is written by one thread, and read when that has ended. */
  private final class Part implements RangeReader.Target {
    private final int number;
    private final Scope.Range range;
    private PartitionCheck check;
    private long reached;

    Part(int number, Scope.Range range) {
      this.number = number;
      this.range = range;
      this.reached = range.from();
    }

    void check(
        RangeReader reader,
        EventParser parser,
        EventFilter filter,
        CopiedRows events,
        CopiedRows rejections) {
      if (range.size() == 0) {
        return;
      }
      // No offset is negative in Kafka, but the column could hold one.
      long first = range.from() == 0 ? Long.MIN_VALUE : range.from();
      try (OrderedRows written = rows(events::events, first);
          OrderedRows rejected = rows(rejections::rejections, first)) {
        check =
            new PartitionCheck(
                number,
                settings.tables(),
                parser,
                filter,
                late.partition(number),
                compacted,
                COMPARISON,
                written,
                rejected,
                limit);
        reader.read(number, range.from(), range.to(), this);
      }
    }

    private OrderedRows rows(Query query, long first) {
      return source == null ? NoRows.INSTANCE : query.run(source, number, first, range.to());
    }

    @Override
    public void event(ConsumerRecord<byte[], byte[]> event) {
      check.accept(event.offset(), event.timestamp(), event.value(), ValueSize.of(event));
    }

    @Override
    public boolean reached(long offset) {
      check.reached(offset);
      checked.addAndGet(offset - reached);
      reached = offset;
      return !ended;
    }

    List<Difference> differences() {
      return check == null ? List.of() : check.differences();
    }

    SortedMap<String, Long> judgedOtherwise() {
      return check == null ? new TreeMap<>() : check.judgedOtherwise();
    }

    long replaced() {
      return check == null ? 0 : check.replaced();
    }

    List<EarlierRows> earlier() {
      return check == null ? List.of() : check.earlier();
    }

    long asSent() {
      return check == null ? 0 : check.asSent();
    }

    VerifyResult.Partition result(long wronglyLate) {
      PartitionCounts counts = check == null ? PartitionCounts.NONE : check.counts();
      return new VerifyResult.Partition(
          number,
          range.from(),
          reached,
          range.to(),
          counts.plus(new PartitionCounts(0, 0, 0, 0, 0, 0, 0, wronglyLate, 0, 0)));
    }
  }

  private interface Query {
    OrderedRows run(short source, int partition, long from, long to);
  }

  private enum NoRows implements OrderedRows {
    INSTANCE;

    @Override
    public dev.trafficctl.cli.postgres.BinaryRow next() {
      return null;
    }

    @Override
    public void close() {}
  }
}
