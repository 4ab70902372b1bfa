package dev.trafficctl.cli.context;

import dev.trafficctl.cli.output.Text;
import dev.trafficctl.model.Secret;
import dev.trafficctl.model.Setting;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where Kafka or Postgres is, and the secrets that may be sent there. It is the only way from a
 * variable to a connection: an address that the operator named, by a flag, a context or a variable,
 * gets what the variables hold; one that an answer of Flink or a state tells gets nothing, and is
 * refused where a secret is at hand, since whoever answers could have it sent to himself.
 */
public final class Destination {
  private static final List<Secret> OF_KAFKA =
      List.of(Secret.KAFKA_WEB_TRAFFIC_KEY, Secret.KAFKA_WEB_TRAFFIC_SECRET);
  private static final List<Secret> OF_POSTGRES = List.of(Secret.POSTGRES_PASSWORD);

  private final String address;
  private final boolean named;
  private final Map<String, String> variables;

  private Destination(String address, boolean named, Map<String, String> variables) {
    this.address = address;
    this.named = named;
    this.variables = variables;
  }

  /**
   * An address that the operator named; the local stack's are among them.
   *
   * @param variables where secrets are looked for
   */
  public static Destination named(String address, Map<String, String> variables) {
    return new Destination(address, true, Map.copyOf(variables));
  }

  /**
   * The bootstrap servers that a job's settings tell.
   *
   * @param variables where secrets would be looked for
   * @throws UnnamedAddressException when there is a key or a secret
   */
  public static Destination kafkaTold(String servers, Map<String, String> variables) {
    return told(Setting.KAFKA_URL, "Kafka", servers, OF_KAFKA, variables);
  }

  /**
   * The JDBC URL that a job's settings tell.
   *
   * @param variables where a password would be looked for
   * @throws UnnamedAddressException when there is one
   */
  public static Destination postgresTold(String url, Map<String, String> variables) {
    return told(Setting.POSTGRES_URL, "Postgres", url, OF_POSTGRES, variables);
  }

  private static Destination told(
      Setting setting,
      String system,
      String address,
      List<Secret> secrets,
      Map<String, String> variables) {
    for (Secret secret : secrets) {
      if (secret.isGiven(variables::get)) {
        throw new UnnamedAddressException(
            "%s at %s is named by the job's own settings alone, and %s is sent only to an address that you name; if it is the right one, add --%s %s"
                .formatted(
                    system,
                    Text.safe(address),
                    secret,
                    setting.argument(),
                    Text.argument(address)));
      }
    }
    return new Destination(address, false, Map.of());
  }

  /** The bootstrap servers, or the JDBC URL. */
  public String address() {
    return address;
  }

  /** Whether the operator named it. */
  public boolean isNamed() {
    return named;
  }

  /** Whether a secret is at hand that may be sent there; its file is not read. */
  public boolean has(Secret secret) {
    return secret.isGiven(variables::get);
  }

  /**
   * A secret that may be sent there, or nothing if there is none.
   *
   * @throws dev.trafficctl.model.SettingsException when its file cannot be read, or by others too
   */
  public Optional<String> secret(Secret secret) {
    return secret.resolve(variables::get);
  }

  /** The address alone. */
  @Override
  public String toString() {
    return address;
  }
}
