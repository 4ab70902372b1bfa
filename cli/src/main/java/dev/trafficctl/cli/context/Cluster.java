package dev.trafficctl.cli.context;

import dev.trafficctl.cli.flink.FlinkClient;
import java.util.Map;

/**
 * The systems that a command works on, as context, environment and flags give them together. What
 * is null was given by none of them.
 *
 * @param context the name of the context, or null if flags alone say which cluster it is
 * @param flink Flink's REST API
 * @param kafkaUrl Kafka's bootstrap servers, or null
 * @param kafkaProperties what a Kafka client needs besides, such as the trust store; never a secret
 * @param postgresUrl the JDBC URL, or null
 * @param postgresUser the database user, or null
 * @param job the name of the job that is meant when none is given, or null
 * @param savepoints where savepoints go, as Flink takes it, or null for the cluster's own default
 * @param checkpoints where retained checkpoints lie, or null for the cluster's own default
 * @param isProtected whether a change has to be confirmed with the job's name
 * @param environment where secrets are looked for, by the name of the environment variable
 */
public record Cluster(
    String context,
    FlinkClient flink,
    String kafkaUrl,
    Map<String, String> kafkaProperties,
    String postgresUrl,
    String postgresUser,
    String job,
    String savepoints,
    String checkpoints,
    boolean isProtected,
    Map<String, String> environment) {

  /** How it is named to users: its context, and where Flink is. */
  public String shown() {
    return context == null ? flink.address() : context + " (" + flink.address() + ")";
  }

  /** Everything but the environment, which holds secrets. */
  @Override
  public String toString() {
    return "Cluster[" + shown() + "]";
  }
}
