package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code lag --watch} while Flink or Kafka go away and come back. */
class LagWatchTest {
  private final FakeFlink flink = new FakeFlink().withTraffic();
  private final List<Runnable> between = new ArrayList<>();
  private Iterator<Runnable> next;
  private final TestConsole console = TestConsole.jumping(this::sleep);
  private volatile boolean kafkaIsAway;
  private FakeKafka kafka;

  @BeforeEach
  void start() throws IOException {
    kafka = new FakeKafka(this::answer);
    flink
        .answer(
            "/jobs/" + FakeFlink.JOB + "/config",
            """
            {"execution-config":{"job-parallelism":1,"user-config":{"trafficctl.arguments":
              "[\\"--kafka-url\\",\\"%s\\",\\"--kafka-topic\\",\\"web-traffic\\",\
            \\"--kafka-group\\",\\"traffic\\",\\"--postgres-url\\",\\"jdbc:postgresql://p/t\\",\
            \\"--postgres-user\\",\\"job\\",\\"--kafka.default.api.timeout.ms\\",\\"4000\\",\
            \\"--kafka.request.timeout.ms\\",\\"4000\\"]"}}}\
            """
                .formatted(kafka.address()))
        .answer("/jobmanager/config", "[]")
        .answer("/jobs/" + FakeFlink.JOB + "/vertices/" + "b".repeat(32) + "/metrics", "[]");
  }

  @AfterEach
  void close() throws IOException {
    flink.close();
    kafka.close();
  }

  private void answer(ApiMessage answer) {
    if (kafkaIsAway) {
      throw new UncheckedIOException(new IOException("away, with " + answer));
    }
  }

  /** Between two rounds comes what a test does; after the last of it somebody presses Ctrl-C. */
  private void sleep(Duration time) throws InterruptedException {
    if (!time.equals(Duration.ofSeconds(7))) {
      return;
    }
    if (!next.hasNext()) {
      throw new InterruptedException();
    }
    next.next().run();
  }

  private void watch() {
    next = between.iterator();
    int exitCode = console.run("lag", "--flink", flink.url(), "--watch", "--interval", "7s");
    // The watch leaves the flag as it should be, but the next test is not interrupted.
    boolean interrupted = Thread.interrupted();
    assertThat(exitCode).as(console.err()).isZero();
    assertThat(interrupted).isTrue();
  }

  private void flinkIs(String state) {
    switch (state) {
      case "back" ->
          flink.answer(
              "/jobs/overview",
              "{\"jobs\":[" + FakeFlink.job(FakeFlink.JOB, "traffic", "RUNNING") + "]}");
      case "starting" ->
          flink.answer(
              "/jobs/overview",
              503,
              "{\"errors\":[\"Service temporarily unavailable due to an ongoing leader election."
                  + " Please refresh.\"]}");
      default ->
          flink.answer(
              "/jobs/overview",
              exchange -> {
                throw new IOException("away");
              });
    }
  }

  private List<String> failures() {
    return console
        .err()
        .lines()
        .filter(line -> line.startsWith("trafficctl: 2026-01-31T12:00:"))
        .toList();
  }

  @Test
  void aFlinkThatGoesAwayAndComesBack() {
    between.add(() -> flinkIs("away"));
    between.add(() -> flinkIs("starting"));
    between.add(() -> flinkIs("back"));
    watch();
    assertThat(failures()).hasSize(2);
    assertThat(failures().get(0)).contains("Flink at " + flink.url());
    assertThat(failures().get(1)).contains("Flink at " + flink.url());
    assertThat(console.out().lines()).hasSize(2);
    assertThat(console.err()).doesNotContain("unexpected", "\tat ");
  }

  @Test
  void aBrokerThatGoesAwayAndComesBack() {
    between.add(() -> kafkaIsAway = true);
    between.add(() -> kafkaIsAway = false);
    watch();
    assertThat(failures()).hasSize(1);
    assertThat(failures().get(0))
        .endsWith(
            "Kafka at "
                + kafka.address()
                + " does not answer; check the address, that it runs, and whether it wants"
                + " SASL_SSL");
    assertThat(console.out().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .contains("Z  lag 1, time lag 30s, in 0.0/s, out -/s, trend -, Kafka keeps"),
            line ->
                assertThat(line)
                    .contains("Z  lag 1, time lag 45s, in 0.0/s, out 0.0/s, stalled, Kafka keeps"));
  }

  @Test
  void aTerminalIsDrawnOnBelowWhatWasSaid() {
    console.typing("");
    between.add(() -> {});
    between.add(() -> flinkIs("away"));
    between.add(() -> flinkIs("back"));
    between.add(() -> {});
    watch();
    // The third round draws nothing, and the fourth does not go up over what the third has said.
    assertThat(console.out().split("\u001b\\[\\d+A\r\u001b\\[J")).hasSize(3);
    assertThat(console.out().lines().filter(line -> line.endsWith("job traffic"))).hasSize(4);
    assertThat(failures()).hasSize(1);
  }

  @Test
  void whatIsWrongFromTheBeginningEndsIt() {
    flinkIs("away");
    next = between.iterator();
    assertThat(console.run("lag", "--flink", flink.url(), "--watch", "--interval", "7s"))
        .isEqualTo(5);
    assertThat(console.err()).hasLineCount(1);
  }
}
