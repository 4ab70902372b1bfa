package dev.trafficctl.cli.kafka;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.kafka.CorruptBatchException;
import dev.trafficctl.kafka.NotKafkaException;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Puts what a Kafka client throws into words. */
final class KafkaFailure {
  private KafkaFailure() {}

  /** One line with the remedy. */
  static CommandException of(Throwable cause, Object servers) {
    return of(cause, servers, new About(null, null, false));
  }

  /** One line with the remedy, of a question about one topic. */
  static CommandException ofTopic(Throwable cause, Object servers, String topic) {
    return of(cause, servers, new About(topic, null, false));
  }

  /** One line with the remedy, of a question about the configuration of a topic. */
  static CommandException ofConfiguration(Throwable cause, Object servers, String topic) {
    return of(cause, servers, new About(topic, null, true));
  }

  /** One line with the remedy, of a question about one group. */
  static CommandException ofGroup(Throwable cause, Object servers, String group) {
    return of(cause, servers, new About(null, group, false));
  }

  /** What was asked about; null where that is not known. */
  private record About(String topic, String group, boolean configuration) {}

  private static CommandException of(Throwable cause, Object servers, About about) {
    Optional<CorruptBatchException> damage = CorruptBatchException.in(cause);
    if (damage.isPresent()) {
      return new CommandException(ExitCode.FAILED, damage.get().getMessage(), cause);
    }
    String at = "Kafka at " + servers;
    if (cause instanceof NotKafkaException) {
      return new CommandException(
          ExitCode.UNREACHABLE,
          at + " cannot be used: " + firstLine(cause) + "; check the address",
          cause);
    }
    if (cause instanceof UnknownTopicOrPartitionException) {
      return new CommandException(
          ExitCode.FAILED,
          at
              + (about.topic == null ? " has no such topic" : " has no topic '" + about.topic + "'")
              + "; check the name, or create it",
          cause);
    }
    if (cause instanceof SslAuthenticationException) {
      return new CommandException(
          ExitCode.UNREACHABLE,
          at
              + " cannot be reached by TLS ("
              + firstLine(cause)
              + "); check the address and the trust store",
          cause);
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
      return notAllowed(cause, at, about);
    }
    if (cause instanceof TimeoutException) {
      return new CommandException(
          ExitCode.UNREACHABLE,
          at + " does not answer; check the address, that it runs, and whether it wants SASL_SSL",
          cause);
    }
    if (cause instanceof DisconnectException) {
      return new CommandException(
          ExitCode.UNREACHABLE,
          "the connection to " + at + " is lost; check that it runs, and try again",
          cause);
    }
    if (cause instanceof LeaderNotAvailableException
        || cause instanceof NotLeaderOrFollowerException) {
      return new CommandException(
          ExitCode.UNREACHABLE,
          at
              + " has no leader for a partition now ("
              + firstLine(cause)
              + "); start the brokers that hold it, or try again soon",
          cause);
    }
    if (cause instanceof RetriableException) {
      return new CommandException(
          ExitCode.UNREACHABLE,
          at
              + " is not ready for that ("
              + firstLine(cause)
              + "); check that all brokers run, and try again",
          cause);
    }
    return new CommandException(
        ExitCode.FAILED, at + " cannot do that: " + firstLine(cause), cause);
  }

  private static CommandException notAllowed(Throwable cause, String at, About about) {
    String what = "do that";
    String remedy = "the right";
    if (cause instanceof GroupAuthorizationException) {
      what = "see " + named("the group", about.group);
      remedy = "DESCRIBE on the group";
    } else if (cause instanceof TopicAuthorizationException) {
      what =
          (about.configuration ? "see the configuration of " : "see and read ")
              + named("the topic", about.topic);
      remedy = (about.configuration ? "DESCRIBE_CONFIGS" : "DESCRIBE and READ") + " on the topic";
    } else if (cause instanceof ClusterAuthorizationException) {
      what = "do that in the cluster";
      remedy = "the right on the cluster";
    }
    return new CommandException(
        ExitCode.FAILED,
        at
            + " does not allow this key to "
            + what
            + " ("
            + firstLine(cause)
            + "); grant it "
            + remedy,
        cause);
  }

  private static String named(String what, String name) {
    return name == null ? what : what + " '" + name + "'";
  }

  /**
   * Why a client could not be made, such as an address that no name server knows.
   *
   * @param next what is recommended then
   */
  static CommandException ofClient(Throwable failure, Object servers, NextCommands next) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof ConfigException && firstLine(cause).contains("No resolvable bootstrap")) {
      return new CommandException(
          ExitCode.UNREACHABLE,
          "Kafka at "
              + servers
              + " cannot be reached: the host is unknown here; give the context the address that is"
              + " right from this machine: "
              + next.setKafkaAddress(),
          cause);
    }
    return of(cause, servers);
  }

  private static String firstLine(Throwable cause) {
    String message = cause.getMessage() == null ? "" : cause.getMessage();
    return message.lines().findFirst().orElse(cause.getClass().getSimpleName());
  }
}
