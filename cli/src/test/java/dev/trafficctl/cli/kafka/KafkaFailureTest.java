package dev.trafficctl.cli.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Every failure of a Kafka client is one line: what, where, what to do. */
class KafkaFailureTest {
  private static void says(ExitCode exitCode, String words, Throwable cause) {
    says(exitCode, words, cause, KafkaFailure.of(cause, "k:9092"));
  }

  private static void says(
      ExitCode exitCode, String words, Throwable cause, CommandException failure) {
    assertThat(failure).hasMessage(words).hasCause(cause);
    assertThat(failure.exitCode()).isEqualTo(exitCode);
  }

  @Test
  void aTopicThatIsNotThere() {
    says(
        ExitCode.FAILED,
        "Kafka at k:9092 has no such topic; check the name, or create it",
        new UnknownTopicOrPartitionException("This server does not host this topic-partition."));
    Throwable cause = Errors.UNKNOWN_TOPIC_OR_PARTITION.exception();
    says(
        ExitCode.FAILED,
        "Kafka at k:9092 has no topic 't'; check the name, or create it",
        cause,
        KafkaFailure.ofTopic(cause, "k:9092", "t"));
  }

  @Test
  void whatAKeyMayNotDoIsNamedWithTheRightThatItLacks() {
    says(
        ExitCode.FAILED,
        "Kafka at k:9092 does not allow this key to see the group (Group authorization failed.);"
            + " grant it DESCRIBE on the group",
        Errors.GROUP_AUTHORIZATION_FAILED.exception());
    Throwable group = GroupAuthorizationException.forGroupId("g");
    says(
        ExitCode.FAILED,
        "Kafka at k:9092 does not allow this key to see the group 'g' (Not authorized to access"
            + " group: g); grant it DESCRIBE on the group",
        group,
        KafkaFailure.ofGroup(group, "k:9092", "g"));
    says(
        ExitCode.FAILED,
        "Kafka at k:9092 does not allow this key to see and read the topic (Topic authorization"
            + " failed.); grant it DESCRIBE and READ on the topic",
        Errors.TOPIC_AUTHORIZATION_FAILED.exception());
    Throwable topic = new TopicAuthorizationException(Set.of("t"));
    says(
        ExitCode.FAILED,
        "Kafka at k:9092 does not allow this key to see and read the topic 't' (Not authorized to"
            + " access topics: [t]); grant it DESCRIBE and READ on the topic",
        topic,
        KafkaFailure.ofTopic(topic, "k:9092", "t"));
    says(
        ExitCode.FAILED,
        "Kafka at k:9092 does not allow this key to see the configuration of the topic 't' (Not"
            + " authorized to access topics: [t]); grant it DESCRIBE_CONFIGS on the topic",
        topic,
        KafkaFailure.ofConfiguration(topic, "k:9092", "t"));
    says(
        ExitCode.FAILED,
        "Kafka at k:9092 does not allow this key to do that in the cluster (Cluster authorization"
            + " failed.); grant it the right on the cluster",
        new ClusterAuthorizationException("Cluster authorization failed."));
    says(
        ExitCode.FAILED,
        "Kafka at k:9092 does not allow this key to do that (no); grant it the right",
        new TransactionalIdAuthorizationException("no"));
  }

  @Test
  void credentialsThatAreRefused() {
    says(
        ExitCode.UNREACHABLE,
        "Kafka at k:9092 refuses the credentials; check KAFKA_WEB_TRAFFIC_KEY and"
            + " KAFKA_WEB_TRAFFIC_SECRET",
        new SaslAuthenticationException("Authentication failed: Invalid username or password"));
    says(
        ExitCode.UNREACHABLE,
        "Kafka at k:9092 cannot be reached by TLS (SSL handshake failed); check the address and the"
            + " trust store",
        new SslAuthenticationException("SSL handshake failed"));
  }

  @Test
  void aPartitionWithoutALeader() {
    says(
        ExitCode.UNREACHABLE,
        "Kafka at k:9092 has no leader for a partition now (There is no leader for this"
            + " topic-partition as we are in the middle of a leadership election.); start the"
            + " brokers that hold it, or try again soon",
        Errors.LEADER_NOT_AVAILABLE.exception());
    says(
        ExitCode.UNREACHABLE,
        "Kafka at k:9092 has no leader for a partition now (For requests intended only for the"
            + " leader, this error indicates that the broker is not the current leader. For"
            + " requests intended for any replica, this error indicates that the broker is not a"
            + " replica of the topic partition.); start the brokers that hold it, or try again"
            + " soon",
        Errors.NOT_LEADER_OR_FOLLOWER.exception());
  }

  @Test
  void aBrokerThatDoesNotAnswerOrGoesAway() {
    says(
        ExitCode.UNREACHABLE,
        "Kafka at k:9092 does not answer; check the address, that it runs, and whether it wants"
            + " SASL_SSL",
        new TimeoutException("Timed out waiting for a node assignment. Call: listOffsets"));
    says(
        ExitCode.UNREACHABLE,
        "the connection to Kafka at k:9092 is lost; check that it runs, and try again",
        new DisconnectException("Cancelled fetch request"));
    says(
        ExitCode.UNREACHABLE,
        "Kafka at k:9092 is not ready for that (not yet); check that all brokers run, and try"
            + " again",
        new CoordinatorNotAvailableException("not yet"));
  }

  @Test
  void aHostThatIsUnknown() {
    ConfigException cause =
        new ConfigException("No resolvable bootstrap urls given in bootstrap.servers");
    assertThat(
            KafkaFailure.ofClient(
                new KafkaException("Failed to create", cause), "k:9092", new ShellCommands()))
        .hasMessage(
            "Kafka at k:9092 cannot be reached: the host is unknown here; give the context the"
                + " address that is right from this machine: trafficctl context set NAME"
                + " --kafka-url HOST:PORT");
  }

  @Test
  void whateverElseIsOneLineToo() {
    says(
        ExitCode.FAILED,
        "Kafka at k:9092 cannot do that: first line",
        new KafkaException("first line\nsecond line"));
    says(
        ExitCode.FAILED,
        "Kafka at k:9092 cannot do that: KafkaException",
        new KafkaException((String) null));
  }
}
