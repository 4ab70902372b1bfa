package dev.trafficctl.cli.flink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.command.next.ShellCommands;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that do not answer, or not to the end: a request has one limit for all of it. */
// An hour is what a request takes here whose limit does not hold, and no interrupt ends it.
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SlowFlinkTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final FakeFlink flink = new FakeFlink();
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicLong time = new AtomicLong();
  private final FlinkHttp http =
      new FlinkHttp(
          FlinkConnection.to(flink.url(), new ShellCommands()), new ShellCommands(), time::get);

  @AfterEach
  void close() {
    over.countDown();
    flink.close();
  }

  private Request get() {
    return new Request.Builder().url(http.base()).build();
  }

  private void assertNoFullAnswer(Duration limit) {
    assertThatThrownBy(() -> http.call(get(), limit))
        .isInstanceOf(FlinkUnreachableException.class)
        .hasMessageContaining("no full answer within " + limit.toSeconds() + " s");
  }

  private void silent(HttpExchange exchange) {
    pause(HOUR);
  }

  private void drip(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    while (over.getCount() > 0) {
      exchange.getResponseBody().write(' ');
      exchange.getResponseBody().flush();
      pause(Duration.ofMillis(50));
    }
  }

  /** Until the test is over, or for a time. */
  private void pause(Duration time) {
    try {
      over.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void isSilent() {
    flink.answer("/", this::silent);
    assertNoFullAnswer(SECOND);
  }

  @Test
  void beginsToAnswerAndIsSilent() {
    flink.answer(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          silent(exchange);
        });
    assertNoFullAnswer(SECOND);
  }

  @Test
  void dripsOneByteAfterTheOther() {
    flink.answer("/", this::drip);
    assertNoFullAnswer(SECOND);
  }

  @Test
  void sendsALogThatNeverEnds() {
    byte[] line = "a line of a log\n".repeat(1_000).getBytes(UTF_8);
    flink.answer(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          while (over.getCount() > 0) {
            exchange.getResponseBody().write(line);
          }
        });
    assertThatThrownBy(() -> http.tail(get(), 10, SECOND))
        .isInstanceOf(FlinkUnreachableException.class)
        .hasMessageContaining("no full answer within 1 s");
  }

  @Test
  void whatBreaksOffIsSentAgainWithinTheSameLimit() {
    AtomicInteger requests = new AtomicInteger();
    flink.answer(
        "/",
        exchange -> {
          if (requests.incrementAndGet() == 1) {
            time.addAndGet(HOUR.minusMillis(200).toNanos());
            throw new IOException("it breaks off");
          }
          silent(exchange);
        });
    assertNoFullAnswer(HOUR);
    assertThat(requests).hasValue(2);
  }

  @Test
  void whatBreaksOffAtTheLimitIsNotSentAgain() {
    flink.answer(
        "/",
        exchange -> {
          time.addAndGet(HOUR.toNanos());
          throw new IOException("it breaks off");
        });
    assertThatThrownBy(() -> http.call(get(), HOUR))
        .isInstanceOf(FlinkUnreachableException.class)
        .hasMessageContaining("the connection broke off");
    assertThat(flink.requests()).hasSize(1);
  }
}
