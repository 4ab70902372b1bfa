package dev.trafficctl.job;

import dev.trafficctl.local.Distribution;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.Security;
import dev.trafficctl.local.StackOptions;
import dev.trafficctl.local.StackStatus;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;

/**
 * A real Kafka, Flink and Postgres with the job's jar uploaded, shared by all integration tests of
 * this module and taken down when their JVM ends.
 */
final class RunningStack {
  private static final Map<Security, RunningStack> RUNNING = new EnumMap<>(Security.class);

  private final Path directory;
  private final LocalStack stack;
  private final StackStatus.Addresses addresses;
  private final FlinkRest flink;
  private final String jarId;

  private RunningStack(Security security) throws Exception {
    Path root = Path.of("..").toAbsolutePath().normalize();
    directory =
        Path.of("target", "stack-" + security.name().toLowerCase(Locale.ROOT)).toAbsolutePath();
    stack = LocalStack.in(directory, Distribution.ofCheckout(root));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stack.down(true, line -> {})));
    // Two slots more than any test's job takes: a cancelled job gives its slots back a bit later.
    StackOptions options = new StackOptions(1, 4, security, 0, 0, 0);
    addresses = stack.up(options, System.out::println).addresses();
    flink = new FlinkRest(addresses.flink());
    jarId = flink.upload(Path.of(System.getProperty("job.jar")));
  }

  static synchronized RunningStack with(Security security) {
    return RUNNING.computeIfAbsent(
        security,
        key -> {
          try {
            return new RunningStack(key);
          } catch (Exception e) {
            throw new IllegalStateException("The stack for the tests does not come up", e);
          }
        });
  }

  /** Where the parts keep everything that they write. */
  Path directory() {
    return directory;
  }

  LocalStack parts() {
    return stack;
  }

  StackStatus.Addresses addresses() {
    return addresses;
  }

  FlinkRest flink() {
    return flink;
  }

  String jarId() {
    return jarId;
  }

  /** As the user who owns the tables. */
  Connection connect() throws SQLException {
    StackStatus.Addresses owner = addresses.asOwner();
    return DriverManager.getConnection(
        owner.postgres(), owner.postgresUser(), owner.environment().get("POSTGRES_PASSWORD"));
  }

  /** The properties of a Kafka client of the test itself. */
  Properties kafka() {
    Properties properties = new Properties();
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, addresses.kafka());
    properties.putAll(addresses.kafkaClient());
    String key = addresses.environment().get("KAFKA_WEB_TRAFFIC_KEY");
    if (key != null) {
      properties.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SASL_SSL");
      properties.put(SaslConfigs.SASL_MECHANISM, "PLAIN");
      properties.put(
          SaslConfigs.SASL_JAAS_CONFIG,
          "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\";"
              .formatted(key, addresses.environment().get("KAFKA_WEB_TRAFFIC_SECRET")));
    }
    return properties;
  }
}
