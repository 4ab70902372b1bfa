package dev.trafficctl.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.local.traffic.SendReport.Offsets;
import dev.trafficctl.local.traffic.TrafficEvent.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class TrafficSenderTest {
  private static final String TOPIC = "web-traffic";
  private static final int PARTITIONS = 3;

  private final List<SendProgress> progress = new ArrayList<>();
  private final MockProducer<byte[], byte[]> producer = producer(false);
  private long now;

  @Test
  void sendsToEachPartitionInTurnAndReportsWhatWasAcknowledged() {
    List<TrafficEvent> events =
        List.of(
            event("a", Kind.GOOD),
            event("b", Kind.BAD),
            event("c", Kind.LATE),
            new TrafficEvent(null, Kind.BAD));

    SendReport report = send(producer, events.iterator(), SendOptions.everything());

    assertThat(report)
        .isEqualTo(
            new SendReport(
                new TrafficCounts(4, 2, 1),
                new TreeMap<>(
                    Map.of(0, new Offsets(0, 1), 1, new Offsets(0, 0), 2, new Offsets(0, 0))),
                Duration.ZERO,
                false));
    assertThat(sent()).containsExactly("0 null a", "1 null b", "2 null c", "0 null null");
    assertThat(progress).isEmpty();
  }

  @Test
  void stopsAtTheCountAndLeavesTheRestUnread() {
    Iterator<TrafficEvent> events = events(10).iterator();

    SendReport report = send(producer, events, SendOptions.everything().withCount(4));

    assertThat(report.counts()).isEqualTo(new TrafficCounts(4, 0, 0));
    assertThat(new String(events.next().value(), StandardCharsets.UTF_8)).isEqualTo("5");
  }

  @Test
  void keepsTheRateAndReportsProgressEverySecond() {
    SendReport report =
        send(producer(true), events(25).iterator(), SendOptions.everything().withRate(10));

    assertThat(report.duration()).isEqualTo(Duration.ofMillis(2_400));
    assertThat(progress).containsExactly(new SendProgress(11, 11), new SendProgress(21, 10));
  }

  @Test
  void failsOnTheFirstEventThatIsRefusedAndSaysHowManyWereAcknowledged() {
    Iterator<TrafficEvent> events =
        events(100)
            .peek(
                event -> {
                  if (is(event, "4")) {
                    producer.completeNext();
                    producer.errorNext(new RecordTooLargeException("too\nlarge"));
                    producer.completeNext();
                  }
                })
            .iterator();

    assertThatExceptionOfType(PartlySentException.class)
        .isThrownBy(() -> send(producer, events, SendOptions.everything()))
        .withMessage(
            "Event 2 (1 bytes) did not get into topic web-traffic: too large; 3 events were"
                + " acknowledged. Raise max.message.bytes of the topic, or leave the event out.")
        .satisfies(e -> assertThat(e.handedOver()).isEqualTo(4));
    assertThat(sent()).hasSize(4);
  }

  @Test
  void failsWhenTheProducerItselfGivesUp() {
    producer.sendException = new KafkaException("in an error state");

    assertThatThrownBy(() -> send(producer, events(9).iterator(), SendOptions.everything()))
        .isExactlyInstanceOf(TrafficException.class)
        .hasMessage(
            "Event 1 (1 bytes) did not get into topic web-traffic: in an error state; 0 events"
                + " were acknowledged.");
  }

  @Test
  void anInterruptEndsSendingAndLosesNothing() {
    Iterator<TrafficEvent> events =
        events(100)
            .peek(
                event -> {
                  if (is(event, "5")) {
                    Thread.currentThread().interrupt();
                  }
                })
            .iterator();

    SendReport report = send(producer, events, SendOptions.everything());

    assertThat(report.interrupted()).isTrue();
    assertThat(report.counts()).isEqualTo(new TrafficCounts(4, 0, 0));
    assertThat(sent()).hasSize(4);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void saysHowFarItCameWhenTheEventsCannotBeReadOn() {
    Iterator<TrafficEvent> events =
        events(100)
            .peek(
                event -> {
                  if (is(event, "2")) {
                    throw new TrafficException("f is a gzip file whose end is missing");
                  }
                })
            .iterator();

    assertThatExceptionOfType(PartlySentException.class)
        .isThrownBy(() -> send(producer, events, SendOptions.everything()))
        .withMessage("f is a gzip file whose end is missing (1 event was acknowledged before that)")
        .satisfies(e -> assertThat(e.handedOver()).isEqualTo(1));
  }

  @Test
  void nothingIsHalfDoneWhenTheFirstEventCannotBeRead() {
    Iterator<TrafficEvent> events =
        events(9)
            .peek(
                event -> {
                  throw new TrafficException("f cannot be read");
                })
            .iterator();

    assertThatThrownBy(() -> send(producer, events, SendOptions.everything()))
        .isExactlyInstanceOf(TrafficException.class)
        .hasMessage("f cannot be read (0 events were acknowledged before that)");
  }

  @Test
  void refusesCountsAndRatesThatCannotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SendOptions.everything().withRate(0))
        .withMessage(
            "a count is 0 or more and a rate above 0, but were 9223372036854775807 and 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SendOptions.everything().withCount(-1))
        .withMessage("a count is 0 or more and a rate above 0, but were -1 and Infinity");
  }

  private SendReport send(
      MockProducer<byte[], byte[]> to, Iterator<TrafficEvent> events, SendOptions options) {
    TrafficSender sender =
        new TrafficSender(to, TOPIC, PARTITIONS, () -> now, nanos -> now += nanos);
    return sender.send(events, options, progress::add);
  }

  private List<String> sent() {
    return producer.history().stream()
        .map(
            r ->
                r.partition()
                    + " "
                    + r.timestamp()
                    + " "
                    + (r.value() == null ? null : new String(r.value(), StandardCharsets.UTF_8)))
        .toList();
  }

  private static Stream<TrafficEvent> events(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> event(String.valueOf(i), Kind.GOOD));
  }

  private static TrafficEvent event(String text, Kind kind) {
    return new TrafficEvent(text.getBytes(StandardCharsets.UTF_8), kind);
  }

  private static boolean is(TrafficEvent event, String text) {
    return new String(event.value(), StandardCharsets.UTF_8).equals(text);
  }

  private static MockProducer<byte[], byte[]> producer(boolean answersAtOnce) {
    Node broker = new Node(1, "localhost", 9092);
    Node[] replicas = {broker};
    List<PartitionInfo> partitions =
        IntStream.range(0, PARTITIONS)
            .mapToObj(i -> new PartitionInfo(TOPIC, i, broker, replicas, replicas))
            .toList();
    Cluster cluster = new Cluster("c", List.of(broker), partitions, Set.of(), Set.of());
    return new MockProducer<>(
        cluster, answersAtOnce, null, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
