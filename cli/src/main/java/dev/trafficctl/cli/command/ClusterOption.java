package dev.trafficctl.cli.command;

import dev.trafficctl.cli.Environment;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.local.StackStatus;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which cluster is meant. */
public final class ClusterOption {
  private final Environment environment;
  @Mixin StackOption stack;

  @Option(
      names = "--flink",
      paramLabel = "URL",
      description = "The address of Flink's REST API; default: that of the local stack.")
  String flink;

  ClusterOption(Environment environment) {
    this.environment = environment;
  }

  Cluster cluster() {
    if (flink != null) {
      return new Cluster(
          null,
          FlinkClient.at(flink),
          null,
          Map.of(),
          null,
          null,
          null,
          null,
          null,
          false,
          environment.variables());
    }
    StackStatus.Addresses local = stack.addresses();
    Map<String, String> variables = new TreeMap<>(environment.variables());
    variables.putAll(local.environment());
    return new Cluster(
        "local",
        FlinkClient.at(local.flink()),
        local.kafka(),
        local.kafkaClient(),
        local.postgres(),
        local.postgresUser(),
        null,
        null,
        null,
        false,
        variables);
  }
}
