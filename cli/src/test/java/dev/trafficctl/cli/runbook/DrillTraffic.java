package dev.trafficctl.cli.runbook;

import dev.trafficctl.local.traffic.SendOptions;
import dev.trafficctl.local.traffic.SendReport;
import dev.trafficctl.local.traffic.TrafficSender;
import java.time.Clock;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Sends events all the time, as users of a site do, whatever happens to the job. */
final class DrillTraffic {
  private static final double PER_SECOND = 200;

  private final DrillEvents events = new DrillEvents(Clock.systemUTC());
  private final CompletableFuture<SendReport> report;

  DrillTraffic(Properties connection, String topic) {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    report = CompletableFuture.supplyAsync(() -> send(connection, topic), executor);
    executor.shutdown();
  }

  private SendReport send(Properties connection, String topic) {
    try (TrafficSender sender = TrafficSender.connect(connection, topic)) {
      return sender.send(events, SendOptions.everything().withRate(PER_SECOND), progress -> {});
    }
  }

  /** Ends it and tells what was sent. */
  DrillEvents end() {
    events.end();
    SendReport sent = report.join();
    if (sent.counts().sent() != events.all()) {
      throw new AssertionError(
          "Kafka has " + sent.counts().sent() + " of " + events.all() + " events");
    }
    return events;
  }
}
