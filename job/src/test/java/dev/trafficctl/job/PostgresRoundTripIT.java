package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.WebEvent;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;

class PostgresRoundTripIT {
  private static TestDatabase database;
  private static PostgresWriter writer;

  @BeforeContainer
  static void open() throws Exception {
    database = TestDatabase.create();
    writer =
        new PostgresWriter(
            database.connections(),
            BatchLimits.DEFAULT,
            TableNames.DEFAULT,
            new TestProcessingTimeService(),
            new UnregisteredMetricsGroup());
    writer.open();
  }

  @AfterContainer
  static void close() throws Exception {
    writer.close();
    database.close();
  }

  @Property(tries = 100)
  void anyEventsAreReadBackAsTheyWereWritten(@ForAll("batches") List<ProcessedEvent> batch)
      throws Exception {
    database.execute("TRUNCATE processed_events");
    for (ProcessedEvent event : batch) {
      writer.write(event, null);
    }

    writer.flush(false);

    assertThat(database.processed()).usingRecursiveFieldByFieldElementComparator().isEqualTo(batch);
  }

  @Provide
  Arbitrary<List<ProcessedEvent>> batches() {
    return Combinators.combine(
            Arbitraries.shorts(),
            Arbitraries.integers(),
            Arbitraries.longs().between(-1, 9_224_318_015_999_999L),
            Arbitraries.of(true, false),
            events())
        .as(
            (source, partition, timestamp, late, event) ->
                new ProcessedEvent(source, partition, 0, timestamp, late, event))
        .list()
        .ofMaxSize(30)
        .map(PostgresRoundTripIT::withOffsets);
  }

  private static List<ProcessedEvent> withOffsets(List<ProcessedEvent> events) {
    return IntStream.range(0, events.size())
        .mapToObj(
            offset -> {
              ProcessedEvent event = events.get(offset);
              return new ProcessedEvent(
                  event.source(),
                  event.partition(),
                  offset,
                  event.kafkaTimestamp(),
                  event.late(),
                  event.event());
            })
        .toList();
  }

  private static Arbitrary<WebEvent> events() {
    Arbitrary<String> text =
        Arbitraries.strings().all().ofMaxLength(50).map(any -> any.replaceAll("[\\p{Cs}\0]", ""));
    return Combinators.combine(
            Arbitraries.bytes().array(byte[].class).ofSize(4),
            Arbitraries.longs().between(-210_866_803_200_000_000L, 9_000_000_000_000_000_000L),
            text.injectNull(0.3),
            text,
            text,
            Arbitraries.of("{}", "[]", "null", "{\"a\": \"é\"}").injectNull(0.3),
            text.injectNull(0.3))
        .as(WebEvent::new);
  }
}
