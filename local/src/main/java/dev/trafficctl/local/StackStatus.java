package dev.trafficctl.local;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What of a stack runs, and where it can be reached.
 *
 * @param parts every part in the order in which they start; empty when no stack was made
 * @param addresses where to reach it, or null when no stack was made
 */
public record StackStatus(List<Part> parts, Addresses addresses) {

  /** Whether a stack was made and each of its parts runs. */
  public boolean allRunning() {
    return !parts.isEmpty() && parts.stream().allMatch(part -> part.state() == State.RUNNING);
  }

  /**
   * One process of the stack.
   *
   * @param name the part's name
   * @param state the state of its process
   * @param pid its process id, or null when it does not run
   * @param address where clients reach it, or null when none do
   */
  public record Part(String name, State state, Long pid, String address) {}

  /** The state of a part's process. */
  public enum State {
    /** It runs. */
    RUNNING,
    /** It is frozen by SIGSTOP. */
    FROZEN,
    /** It was stopped in an orderly way, or never started. */
    STOPPED,
    /** It should run, and is gone. */
    DEAD
  }

  /**
   * Where the parts are reached from this machine.
   *
   * @param kafka the bootstrap server as host:port
   * @param kafkaClient what a Kafka client needs besides, such as the trust store; never a secret
   * @param environment the environment with which a process reaches the stack: {@code KAFKA_URL},
   *     {@code POSTGRES_URL}, {@code POSTGRES_USER}, and the secrets {@code POSTGRES_PASSWORD},
   *     {@code KAFKA_WEB_TRAFFIC_KEY} and {@code KAFKA_WEB_TRAFFIC_SECRET}
   * @param postgres the JDBC URL
   * @param postgresUser the database user, who may do what the job needs and no more
   * @param ownersPassword the password of the user who owns the database, or null where a version
   *     that had no such user has made the stack, and it was not brought up since
   * @param flink the URL of Flink's REST API
   * @param savepoints where Flink writes savepoints, as a URL
   * @param checkpoints where Flink writes checkpoints, as a URL
   */
  public record Addresses(
      String kafka,
      Map<String, String> kafkaClient,
      Map<String, String> environment,
      String postgres,
      String postgresUser,
      String ownersPassword,
      String flink,
      String savepoints,
      String checkpoints) {

    /**
     * The same for the user who owns the database and may do everything in it: with his name and
     * his password in place of the job's. Where there is no such user, the job's owns it.
     */
    public Addresses asOwner() {
      if (ownersPassword == null) {
        return this;
      }
      Map<String, String> his = new TreeMap<>(environment);
      his.put("POSTGRES_USER", PostgresUsers.OWNER);
      his.put("POSTGRES_PASSWORD", ownersPassword);
      return new Addresses(
          kafka,
          kafkaClient,
          Collections.unmodifiableMap(his),
          postgres,
          PostgresUsers.OWNER,
          ownersPassword,
          flink,
          savepoints,
          checkpoints);
    }

    /** Everything but the secrets. */
    @Override
    public String toString() {
      return "Addresses[kafka=%s, postgres=%s, flink=%s]".formatted(kafka, postgres, flink);
    }
  }
}
