package dev.trafficctl.cli.kafka;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks with one admin client, and reads with a consumer that belongs to no group and commits
 * nothing. Of one broker it takes four data requests, one more for an earlier moment, and one more
 * to read; a few more where a transaction is open.
 */
public final class AdminGroupLog implements GroupLog {
  private static final String TEN_SECONDS = "10000";

  // The broker looks into the index of each partition for it.
  private static final int FEW = 1_000;

  private final KafkaConnection connection;
  private final Object servers;
  private final Admin admin;
  private final CompletableFuture<NextEvents> nextEvents;

  /** With how Kafka is connected to. */
  public AdminGroupLog(KafkaConnection connection) {
    this.connection = connection;
    this.servers = connection.servers();
    Properties properties = new Properties();
    properties.setProperty("request.timeout.ms", TEN_SECONDS);
    properties.setProperty("default.api.timeout.ms", TEN_SECONDS);
    properties.setProperty("enable.metrics.push", "false");
    // Nobody looks at this process by JMX, which takes a tenth of a second to set up.
    properties.setProperty("metric.reporters", "");
    properties.putAll(connection.properties());
    this.admin = new KafkaClients(connection).admin(properties);
    // A partition mostly lags by some events, and to make a consumer takes as long as the answers.
    this.nextEvents = CompletableFuture.supplyAsync(() -> new NextEvents(connection, 1));
  }

  @Override
  public Reading read(String group, Set<String> topics, Instant before) {
    Collection<String> problems = new TreeSet<>();
    KafkaFuture<Map<TopicPartition, OffsetAndMetadata>> offsets =
        group == null
            ? null
            : admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata();
    KafkaFuture<Map<String, TopicDescription>> described =
        topics == null ? null : admin.describeTopics(topics).allTopicNames();
    // Asked before the ends: an offset that is committed meanwhile is never behind them.
    Map<TopicPartition, Long> committed = committed(group, offsets, topics == null, problems);
    Set<String> wanted = topics == null ? topics(committed) : topics;
    if (wanted.isEmpty()) {
      return new Reading(Map.of(), committed, Map.of(), problems);
    }
    Map<ConfigResource, KafkaFuture<Config>> configs =
        admin.describeConfigs(wanted.stream().map(AdminGroupLog::resource).toList()).values();
    Map<TopicPartition, Boolean> partitions =
        partitions(
            described == null ? admin.describeTopics(wanted).allTopicNames() : described, wanted);
    return new Reading(
        ranges(partitions, before, problems), committed, retention(configs), problems);
  }

  private Map<TopicPartition, Long> committed(
      String group,
      KafkaFuture<Map<TopicPartition, OffsetAndMetadata>> offsets,
      boolean needed,
      Collection<String> problems) {
    if (group == null) {
      return null;
    }
    try {
      Map<TopicPartition, Long> committed = new HashMap<>();
      offsets
          .get()
          .forEach(
              (partition, offset) -> {
                if (offset != null) {
                  committed.put(partition, offset.offset());
                }
              });
      return committed;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return Map.of();
      }
      if (!needed && e.getCause() instanceof AuthorizationException) {
        problems.add(
            KafkaFailure.ofGroup(e.getCause(), servers, group).getMessage()
                + "; what the group has committed is unknown");
        return null;
      }
      throw KafkaFailure.ofGroup(e.getCause(), servers, group);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static Set<String> topics(Map<TopicPartition, Long> committed) {
    return committed.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  /** Every partition, with whether it has a leader. */
  private Map<TopicPartition, Boolean> partitions(
      KafkaFuture<Map<String, TopicDescription>> described, Set<String> topics) {
    Map<TopicPartition, Boolean> partitions = new HashMap<>();
    try {
      described
          .get()
          .forEach(
              (topic, description) -> {
                for (TopicPartitionInfo info : description.partitions()) {
                  boolean led = info.leader() != null && !info.leader().isEmpty();
                  partitions.put(new TopicPartition(topic, info.partition()), led);
                }
              });
      return partitions;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        throw new CommandException(
            ExitCode.FAILED,
            "Kafka at "
                + servers
                + " has no topic "
                + String.join(", ", new TreeSet<>(topics))
                + "; check the name, or create it",
            e);
      }
      throw KafkaFailure.ofTopic(e.getCause(), servers, String.join(", ", new TreeSet<>(topics)));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private Map<TopicPartition, Range> ranges(
      Map<TopicPartition, Boolean> partitions, Instant before, Collection<String> problems) {
    Set<TopicPartition> led = new HashSet<>();
    partitions.forEach(
        (partition, hasLeader) -> {
          if (hasLeader) {
            led.add(partition);
          } else {
            problems.add(
                "partition "
                    + partition
                    + " has no leader: nothing can be read from it until a broker with a replica"
                    + " of it is back");
          }
        });
    ListOffsetsResult starts = list(led, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
    // Asked for before the ends: what is committed meanwhile is then taken for held back, not lost.
    ListOffsetsResult stables = list(led, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
    ListOffsetsResult ends = list(led, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
    ListOffsetsResult befores =
        before == null || led.size() > FEW
            ? null
            : list(
                led,
                OffsetSpec.forTimestamp(before.toEpochMilli()),
                IsolationLevel.READ_UNCOMMITTED);
    Map<TopicPartition, Range> ranges = new HashMap<>();
    Map<TopicPartition, Long> held = new HashMap<>();
    CommandException[] first = new CommandException[1];
    int[] answered = new int[1];
    for (TopicPartition partition : partitions.keySet()) {
      Long end = null;
      Long start = null;
      Long endBefore = null;
      if (led.contains(partition)) {
        try {
          start = starts.partitionResult(partition).get().offset();
          end = ends.partitionResult(partition).get().offset();
          long stable = stables.partitionResult(partition).get().offset();
          if (stable < end) {
            held.put(partition, stable);
          }
          answered[0]++;
          if (befores != null) {
            long found = befores.partitionResult(partition).get().offset();
            // Nothing is as new as that: what is there was there before.
            endBefore = found < 0 ? end : Long.valueOf(found);
          }
        } catch (ExecutionException e) {
          CommandException failure = KafkaFailure.ofTopic(e.getCause(), servers, partition.topic());
          problems.add("partition " + partition + ": " + failure.getMessage());
          first[0] = failure;
        } catch (InterruptedException e) {
          throw interrupted(e);
        }
      }
      ranges.put(partition, new Range(start, end, endBefore, null));
    }
    if (answered[0] == 0 && first[0] != null) {
      throw first[0];
    }
    if (!held.isEmpty()) {
      new OpenTransactions(admin, servers)
          .find(held, problems)
          .forEach(
              (partition, open) ->
                  ranges.computeIfPresent(
                      partition,
                      (at, range) ->
                          new Range(range.start(), range.end(), range.endBefore(), open)));
    }
    return ranges;
  }

  private ListOffsetsResult list(
      Set<TopicPartition> partitions, OffsetSpec what, IsolationLevel whose) {
    return admin.listOffsets(
        partitions.stream().collect(Collectors.toMap(partition -> partition, each -> what)),
        new ListOffsetsOptions(whose));
  }

  private Map<String, TopicRetention> retention(Map<ConfigResource, KafkaFuture<Config>> configs) {
    Map<String, TopicRetention> retention = new HashMap<>();
    configs.forEach(
        (resource, future) -> {
          try {
            retention.put(resource.name(), TopicRetention.of(future.get()));
          } catch (ExecutionException e) {
            // Who may not know it sees the rest all the same.
            return;
          } catch (InterruptedException e) {
            throw interrupted(e);
          }
        });
    return retention;
  }

  @Override
  public boolean hasGroup(String group) {
    try {
      admin.describeConsumerGroups(List.of(group)).all().get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return false;
      }
      throw KafkaFailure.ofGroup(e.getCause(), servers, group);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  @Override
  public Map<TopicPartition, Next> next(
      Map<TopicPartition, Long> from, Map<TopicPartition, Long> ends) {
    try {
      if (from.size() <= FEW) {
        return nextEvents.join().find(from, ends);
      }
      // One event a poll takes too long for many; the few requests more are worth it.
      try (NextEvents faster = new NextEvents(connection, FEW)) {
        return faster.find(from, ends);
      }
    } catch (CompletionException e) {
      throw e.getCause() instanceof CommandException failure ? failure : e;
    } catch (KafkaException e) {
      throw KafkaFailure.of(e, servers);
    }
  }

  private static CommandException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new CommandException(ExitCode.FAILED, "interrupted while asking Kafka", e);
  }

  @Override
  public void close() {
    if (nextEvents.isDone() && !nextEvents.isCompletedExceptionally()) {
      nextEvents.join().close();
    }
    admin.close(Duration.ZERO);
  }
}
