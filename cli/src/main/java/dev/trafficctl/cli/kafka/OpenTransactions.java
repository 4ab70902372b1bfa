package dev.trafficctl.cli.kafka;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.kafka.RecordTime;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Finds out whose transactions hold back the readers of committed events. */
final class OpenTransactions {
  private final Admin admin;
  private final Object servers;

  OpenTransactions(Admin admin, Object servers) {
    this.admin = admin;
    this.servers = servers;
  }

  /**
   * The oldest of each partition.
   *
   * @param held the last stable offset of each partition that ends behind it
   * @param problems is told what may not be asked, a line each
   * @return of each of these partitions
   */
  Map<TopicPartition, OpenTransaction> find(
      Map<TopicPartition, Long> held, Collection<String> problems) {
    DescribeProducersResult described = admin.describeProducers(held.keySet());
    Map<TopicPartition, ProducerState> oldest = new HashMap<>();
    held.keySet()
        .forEach(
            partition ->
                known(described.partitionResult(partition), partition, problems)
                    .flatMap(producers -> oldest(producers.activeProducers()))
                    .ifPresent(producer -> oldest.put(partition, producer)));
    Set<Long> ids =
        oldest.values().stream().map(ProducerState::producerId).collect(Collectors.toSet());
    Map<Long, TransactionDescription> told = new HashMap<>();
    Map<Long, String> names = names(ids, told, problems);
    Map<TopicPartition, OpenTransaction> open = new HashMap<>();
    held.forEach(
        (partition, stable) ->
            open.put(partition, open(stable, oldest.get(partition), names, told)));
    return open;
  }

  private static Optional<ProducerState> oldest(Collection<ProducerState> producers) {
    return producers.stream()
        .filter(producer -> producer.currentTransactionStartOffset().isPresent())
        .min(
            Comparator.comparingLong(
                producer -> producer.currentTransactionStartOffset().getAsLong()));
  }

  /** The names of producers, by id; those of which their coordinators know nothing are missing. */
  private Map<Long, String> names(
      Set<Long> producers, Map<Long, TransactionDescription> told, Collection<String> problems) {
    Map<Long, String> names = new TreeMap<>();
    if (producers.isEmpty()) {
      return names;
    }
    known(
            admin
                .listTransactions(new ListTransactionsOptions().filterProducerIds(producers))
                .all(),
            null,
            problems)
        .ifPresent(
            listed -> {
              for (TransactionListing each : listed) {
                names.put(each.producerId(), each.transactionalId());
              }
            });
    if (!names.isEmpty()) {
      known(admin.describeTransactions(names.values()).all(), null, problems)
          .ifPresent(all -> all.values().forEach(each -> told.put(each.producerId(), each)));
    }
    return names;
  }

  private static OpenTransaction open(
      long stable,
      ProducerState producer,
      Map<Long, String> names,
      Map<Long, TransactionDescription> told) {
    if (producer == null) {
      return new OpenTransaction(stable, null, null, null);
    }
    TransactionDescription description = told.get(producer.producerId());
    Instant since =
        description != null && description.transactionStartTimeMs().isPresent()
            ? RecordTime.of(description.transactionStartTimeMs().getAsLong())
            : RecordTime.of(producer.lastTimestamp());
    return new OpenTransaction(
        stable, names.get(producer.producerId()), producer.producerId(), since);
  }

  private <T> Optional<T> known(
      KafkaFuture<T> future, TopicPartition partition, Collection<String> problems) {
    try {
      return Optional.of(future.get());
    } catch (ExecutionException e) {
      CommandException why =
          partition == null
              ? KafkaFailure.of(e.getCause(), servers)
              : KafkaFailure.ofTopic(e.getCause(), servers, partition.topic());
      problems.add(why.getMessage() + "; who has a transaction open there is not all known");
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.FAILED, "interrupted while asking Kafka", e);
    }
  }
}
