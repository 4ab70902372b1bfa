package dev.trafficctl.local;

/**
 * How a stack is made. What a stack was made with stays until it is wiped; the number of
 * TaskManagers alone may grow later.
 *
 * @param taskManagers how many TaskManagers, from 1
 * @param slots how many slots each of them offers, from 1
 * @param security how clients reach the broker
 * @param kafkaPort the broker's port, 0 for any free one
 * @param postgresPort the Postgres server's port, 0 for any free one
 * @param flinkPort the port of Flink's REST API, 0 for any free one
 */
public record StackOptions(
    int taskManagers,
    int slots,
    Security security,
    int kafkaPort,
    int postgresPort,
    int flinkPort) {
  /**
   * Checks the ranges.
   *
   * @throws StackException when a number is out of its range
   */
  public StackOptions {
    atLeastOne("--taskmanagers", taskManagers);
    atLeastOne("--slots", slots);
    port("--kafka-port", kafkaPort);
    port("--postgres-port", postgresPort);
    port("--flink-port", flinkPort);
  }

  private static void atLeastOne(String option, int number) {
    if (number < 1) {
      throw new StackException(option + " must be 1 or more, not " + number);
    }
  }

  private static void port(String option, int number) {
    if (number < 0 || number > 65_535) {
      throw new StackException(
          option + " must be a port, 0 (any free one) to 65535, not " + number);
    }
  }

  /** One TaskManager with two slots on the usual ports, without security. */
  public static StackOptions defaults() {
    return new StackOptions(1, 2, Security.PLAINTEXT, 9092, 5432, 8081);
  }

  /** The same on ports that are free, for tests. */
  public static StackOptions onFreePorts() {
    return new StackOptions(1, 2, Security.PLAINTEXT, 0, 0, 0);
  }

  /** The same with another way to reach the broker. */
  public StackOptions withSecurity(Security other) {
    return new StackOptions(taskManagers, slots, other, kafkaPort, postgresPort, flinkPort);
  }

  /** The same with another number of TaskManagers. */
  public StackOptions withTaskManagers(int number) {
    return new StackOptions(number, slots, security, kafkaPort, postgresPort, flinkPort);
  }
}
