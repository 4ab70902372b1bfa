package dev.trafficctl.cli.lag;

import static dev.trafficctl.cli.flink.Question.answer;
import static dev.trafficctl.cli.flink.Question.ask;

import dev.trafficctl.cli.kafka.GroupLog;
import dev.trafficctl.cli.kafka.KafkaConnection;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The Kafka that is asked. It is connected to in the background, and stays open between rounds. */
final class OpenKafka implements AutoCloseable {
  private final Function<KafkaConnection, GroupLog> kafka;
  private CompletableFuture<GroupLog> log;
  private KafkaConnection connection;

  /** With how a Kafka is asked that is connected to in a given way. */
  OpenKafka(Function<KafkaConnection, GroupLog> kafka) {
    this.kafka = kafka;
  }

  /** Begins to connect, unless that was done in the same way. */
  void open(KafkaConnection wanted) {
    if (log != null && wanted.equals(connection)) {
      return;
    }
    close();
    connection = wanted;
    log = ask(() -> kafka.apply(wanted));
  }

  /** Waits until it is made; it has to be opened before. */
  GroupLog log() {
    return answer(log);
  }

  /** Where it is. */
  String servers() {
    return connection.servers();
  }

  @Override
  public void close() {
    if (log != null) {
      // A client that could not be made needs no end; that it could not was told.
      log = log.whenComplete((made, failure) -> end(made));
      log = null;
    }
  }

  private static void end(GroupLog made) {
    if (made != null) {
      made.close();
    }
  }
}
