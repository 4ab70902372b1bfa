package dev.trafficctl.cli.context;

import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.model.Settings;
import java.nio.file.Path;
import java.util.List;
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
 * @param maxRejected how much of a minute's events may be rejected before the job is unhealthy, in
 *     percent, or null for 5
 * @param isProtected whether a change has to be confirmed with the job's name
 * @param flags the options that say which cluster it is, as they were given, to be repeated in a
 *     command that is recommended
 * @param plugins the directory with Flink's file-system plug-ins on this machine, or null if there
 *     is none
 * @param environment where secrets are looked for, by the name of the environment variable
 * @param next what is typed next about this cluster
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
    Double maxRejected,
    boolean isProtected,
    List<String> flags,
    Path plugins,
    Map<String, String> environment,
    NextCommands next) {

  /** How it is named to users: its context, and where Flink is. */
  public String shown() {
    return context == null ? flink.address() : context + " (" + flink.address() + ")";
  }

  /**
   * The same cluster, as a command line asks for it on this machine.
   *
   * @param given the options that mean it
   * @param directory that of this machine's file-system plug-ins, or null if there is none
   */
  public Cluster seen(List<String> given, Path directory) {
    return new Cluster(
        context,
        flink,
        kafkaUrl,
        kafkaProperties,
        postgresUrl,
        postgresUser,
        job,
        savepoints,
        checkpoints,
        maxRejected,
        isProtected,
        List.copyOf(given),
        directory,
        environment,
        next.on(given));
  }

  /** The same cluster, but for what flags say instead. */
  public Cluster with(Overrides given) {
    return new Cluster(
        context,
        flink,
        given.kafkaUrl() == null ? kafkaUrl : given.kafkaUrl(),
        kafkaProperties,
        given.postgresUrl() == null ? postgresUrl : given.postgresUrl(),
        given.postgresUser() == null ? postgresUser : given.postgresUser(),
        job,
        given.savepoints() == null ? savepoints : given.savepoints(),
        given.checkpoints() == null ? checkpoints : given.checkpoints(),
        maxRejected,
        isProtected,
        flags,
        plugins,
        environment,
        next);
  }

  /**
   * The Kafka of a job: at the address that is right from this machine, else at its own.
   *
   * @throws UnnamedAddressException when that is its own, and there are secrets for it
   */
  public Destination kafka(Settings job) {
    return kafkaUrl == null
        ? Destination.kafkaTold(job.kafkaUrl(), environment)
        : Destination.named(kafkaUrl, environment);
  }

  /**
   * The database of a job: at the URL that is right from this machine, else at its own.
   *
   * @throws UnnamedAddressException when that is its own, and there is a password for it
   */
  public Destination postgres(Settings job) {
    return postgresUrl == null
        ? Destination.postgresTold(job.postgresUrl(), environment)
        : Destination.named(postgresUrl, environment);
  }

  /** Everything but the environment, which holds secrets. */
  @Override
  public String toString() {
    return "Cluster[" + shown() + "]";
  }
}
