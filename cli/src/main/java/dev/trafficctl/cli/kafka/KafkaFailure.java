package dev.trafficctl.cli.kafka;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Puts what a Kafka client throws into words. */
final class KafkaFailure {
  private KafkaFailure() {}

  /** One line with the remedy. */
  static CommandException of(Throwable cause, Object servers) {
    String at = "Kafka at " + servers;
    if (cause instanceof UnknownTopicOrPartitionException) {
      return new CommandException(ExitCode.FAILED, at + " has no such topic; create it", cause);
    }
    if (cause instanceof AuthenticationException) {
      return new CommandException(
          ExitCode.UNREACHABLE,
          at
              + " refuses the credentials; check KAFKA_WEB_TRAFFIC_KEY and"
              + " KAFKA_WEB_TRAFFIC_SECRET",
          cause);
    }
    if (cause instanceof AuthorizationException) {
      return new CommandException(
          ExitCode.FAILED,
          at + " does not allow this key to do that (" + firstLine(cause) + "); grant it the right",
          cause);
    }
    if (cause instanceof ConfigException && firstLine(cause).contains("No resolvable bootstrap")) {
      return new CommandException(
          ExitCode.UNREACHABLE,
          at
              + " cannot be reached: the host is unknown here; give the context the address that is"
              + " right from this machine: trafficctl context set NAME --kafka-url HOST:PORT",
          cause);
    }
    if (cause instanceof TimeoutException) {
      return new CommandException(
          ExitCode.UNREACHABLE,
          at + " does not answer; check the address, that it runs, and whether it wants SASL_SSL",
          cause);
    }
    return new CommandException(
        ExitCode.FAILED, at + " cannot do that: " + firstLine(cause), cause);
  }

  /** Why a client could not be made, such as an address that no name server knows. */
  static CommandException ofClient(Throwable failure, Object servers) {
    return of(failure.getCause() == null ? failure : failure.getCause(), servers);
  }

  private static String firstLine(Throwable cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }
}
