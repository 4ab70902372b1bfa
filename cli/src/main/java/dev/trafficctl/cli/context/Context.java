package dev.trafficctl.cli.context;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * A named cluster, as the configuration file has it. What is null is not given.
 *
 * @param flink how Flink is reached
 * @param kafka how Kafka is reached, or null
 * @param postgres how Postgres is reached, or null
 * @param job the name of the job that is meant when none is given, or null
 * @param savepoints where savepoints go, as Flink takes it, or null for the cluster's own default
 * @param checkpoints where retained checkpoints lie, or null for the cluster's own default
 * @param maxRejected how much of a minute's events may be rejected before the job is unhealthy, in
 *     percent from 0 to 100, or null for 5
 * @param isProtected whether a change has to be confirmed with the job's name
 */
public record Context(
    Flink flink,
    Kafka kafka,
    Postgres postgres,
    String job,
    String savepoints,
    String checkpoints,
    Double maxRejected,
    @JsonProperty("protected") @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean isProtected) {

  /**
   * How Flink's REST API is reached. Paths may be relative to the directory of the file.
   *
   * @param url its address
   * @param caCertificate a PEM file with the CAs to trust, or null for those that Java trusts
   * @param clientCertificate a PEM file with the client's certificate, or null
   * @param clientKey a PEM file with its key, or null
   * @param basic where user and password come from, or null
   * @param bearer where the token comes from, or null
   */
  public record Flink(
      String url,
      String caCertificate,
      String clientCertificate,
      String clientKey,
      Basic basic,
      Bearer bearer) {}

  /**
   * Where user and password come from, each from a file that its owner alone can read, or from an
   * environment variable.
   */
  public record Basic(String userFile, String userEnv, String passwordFile, String passwordEnv) {}

  /** Where the token comes from: a file that its owner alone can read, or a variable. */
  public record Bearer(String tokenFile, String tokenEnv) {}

  /**
   * How Kafka is reached.
   *
   * @param url the bootstrap servers, or null
   * @param properties what a Kafka client needs besides, or null
   */
  public record Kafka(String url, Map<String, String> properties) {}

  /**
   * How Postgres is reached.
   *
   * @param url the JDBC URL, or null
   * @param user the database user, or null
   */
  public record Postgres(String url, String user) {}
}
