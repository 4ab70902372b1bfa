package dev.trafficctl.cli.command.offsets;

import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.context.ClusterChoice;
import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.kafka.JobTopic;
import dev.trafficctl.cli.kafka.KafkaConnection;
import dev.trafficctl.cli.operation.catalogue.KnownJob;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.cli.state.SourceSplit;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.model.Settings;
import java.util.List;
import java.util.Map;

/** Finds the topic whose offsets a state holds. */
public final class StateTopic {
  private final String kafkaUrl;
  private final Map<String, String> properties;
  private final Map<String, String> environment;
  private final NextCommands next;

  /** With the options that may say which cluster is meant. */
  public StateTopic(ClusterOption option, Environment here) {
    Cluster cluster = find(option);
    boolean known = cluster != null;
    this.kafkaUrl =
        known
            ? cluster.kafkaUrl()
            : option.kafkaUrl().orElseGet(() -> ClusterChoice.kafkaVariable(here.variables()));
    this.properties = known ? cluster.kafkaProperties() : Map.of();
    this.environment = known ? cluster.environment() : here.variables();
    this.next = known ? cluster.next() : here.next();
  }

  /** The cluster, or null if none is given anywhere: a state is read without one. */
  private static Cluster find(ClusterOption option) {
    try {
      return option.cluster();
    } catch (CommandException e) {
      if (!option.isNamed() && e.exitCode() == ExitCode.UNREACHABLE) {
        return null;
      }
      throw e;
    }
  }

  /**
   * The topic, as the job in the state reads it; without a description of the job, as the source's
   * own state and the context tell.
   *
   * @throws CommandException when nothing tells
   */
  public JobTopic of(StateFile file) {
    if (file.description() != null) {
      Settings settings = KnownJob.parse(file.description(), environment);
      return JobTopic.of(
          settings,
          kafkaUrl == null
              ? Destination.kafkaTold(settings.kafkaUrl(), environment)
              : Destination.named(kafkaUrl, environment),
          properties,
          next);
    }
    List<String> names =
        file.splits() == null
            ? List.of()
            : file.splits().stream().map(SourceSplit::topic).distinct().toList();
    if (names.size() != 1 || kafkaUrl == null) {
      throw new CommandException(
          ExitCode.FAILED, "the state does not tell where Kafka is; give --kafka-url HOST:PORT");
    }
    return new JobTopic(
        names.get(0),
        KafkaConnection.of(Destination.named(kafkaUrl, environment), properties, next));
  }
}
