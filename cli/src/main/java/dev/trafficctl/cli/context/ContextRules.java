package dev.trafficctl.cli.context;

import dev.trafficctl.cli.flink.FlinkConnection;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.model.Settings;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** What a context has to be like, beyond the form of its file. */
final class ContextRules {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private ContextRules() {}

  /**
   * Checks a name that a context is to have.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  static void checkName(String name) {
    if (name.equals(Configuration.LOCAL)) {
      throw new IllegalArgumentException(
          "the context local is built in: it is the local stack; choose another name");
    }
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' is no name for a context; it has up to 63 letters, digits, dots, dashes and"
              + " underscores, the first a letter or digit");
    }
  }

  /**
   * Checks a context.
   *
   * @param next what is recommended when its address holds a secret
   * @throws IllegalArgumentException with the key and what is wrong with it
   */
  static void check(Context context, NextCommands next) {
    Context.Flink flink = context.flink();
    if (flink == null || flink.url() == null) {
      throw new IllegalArgumentException(
          "flink.url: is missing; give the address of Flink's REST API");
    }
    checked("flink.url", flink.url(), url -> FlinkConnection.parse(url, next));
    HttpUrl url = FlinkConnection.parse(flink.url(), next);
    checkTls(flink, url);
    checkCredential(flink, url);
    Context.Kafka kafka = context.kafka();
    if (kafka != null) {
      checked("kafka.url", kafka.url(), Settings::checkServers);
      checkProperties(kafka.properties());
    }
    Context.Postgres postgres = context.postgres();
    if (postgres != null) {
      checked("postgres.url", postgres.url(), Settings::checkJdbcUrl);
      text("postgres.user", postgres.user());
    }
    text("job", context.job());
    text("savepoints", context.savepoints());
    text("checkpoints", context.checkpoints());
    Double share = context.maxRejected();
    if (share != null && !(share >= 0 && share <= 100)) {
      throw new IllegalArgumentException(
          "max-rejected: is no share in percent; give a number from 0 to 100, such as 0.5");
    }
  }

  /**
   * Checks what flags say instead of a context; what is null was not given.
   *
   * @throws IllegalArgumentException with the flag and what is wrong with its value
   */
  static void check(
      String kafkaUrl,
      String postgresUrl,
      String postgresUser,
      String savepoints,
      String checkpoints) {
    checked("--kafka-url", kafkaUrl, Settings::checkServers);
    checked("--postgres-url", postgresUrl, Settings::checkJdbcUrl);
    text("--postgres-user", postgresUser);
    text("--savepoints", savepoints);
    text("--checkpoints", checkpoints);
  }

  private static void checkTls(Context.Flink flink, HttpUrl url) {
    text("flink.ca-certificate", flink.caCertificate());
    text("flink.client-certificate", flink.clientCertificate());
    text("flink.client-key", flink.clientKey());
    if ((flink.clientCertificate() == null) != (flink.clientKey() == null)) {
      throw new IllegalArgumentException(
          "flink."
              + (flink.clientKey() == null ? "client-key" : "client-certificate")
              + ": is missing; a client certificate and its key go together");
    }
    boolean certificates = flink.caCertificate() != null || flink.clientCertificate() != null;
    if (certificates && !url.isHttps()) {
      throw new IllegalArgumentException(
          "flink.url: must be https, because certificates are given; change it, or take them out");
    }
  }

  private static void checkCredential(Context.Flink flink, HttpUrl url) {
    if (flink.basic() != null && flink.bearer() != null) {
      throw new IllegalArgumentException(
          "flink.bearer: is given beside flink.basic; take one of the two out");
    }
    if (flink.basic() != null) {
      Context.Basic basic = flink.basic();
      oneOf("flink.basic.user", basic.userFile(), basic.userEnv());
      oneOf("flink.basic.password", basic.passwordFile(), basic.passwordEnv());
    }
    if (flink.bearer() != null) {
      oneOf("flink.bearer.token", flink.bearer().tokenFile(), flink.bearer().tokenEnv());
    }
    boolean secret = flink.basic() != null || flink.bearer() != null;
    if (secret && !new FlinkConnection(url, null, null).isPrivate()) {
      throw new IllegalArgumentException(
          "flink.url: must be https, because a "
              + (flink.basic() != null ? "password" : "token")
              + " would go over the network readable by others; change it, or take that out");
    }
  }

  private static void oneOf(String key, String file, String variable) {
    text(key + "-file", file);
    text(key + "-env", variable);
    if (file == null && variable == null) {
      throw new IllegalArgumentException(
          key + "-file: is missing; give that or " + key + "-env, the name of a variable");
    }
    if (file != null && variable != null) {
      throw new IllegalArgumentException(
          key + "-env: is given beside " + key + "-file; take one of the two out");
    }
    if (variable != null && !VARIABLE.matcher(variable).matches()) {
      // Not repeated: it may be the secret itself.
      throw new IllegalArgumentException(
          key + "-env: is no name of an environment variable; give a name, never the secret");
    }
  }

  private static void checkProperties(Map<String, String> properties) {
    if (properties == null) {
      return;
    }
    properties.forEach(
        (name, value) -> {
          String key = "kafka.properties." + name;
          if (!Settings.KAFKA_PROPERTIES.contains(name)) {
            throw new IllegalArgumentException(
                key
                    + ": cannot be set; those that can: "
                    + String.join(", ", new TreeSet<>(Settings.KAFKA_PROPERTIES)));
          }
          if (value == null) {
            throw new IllegalArgumentException(key + ": has no value; give one, or take it out");
          }
          text(key, value);
        });
  }

  private static void text(String key, String value) {
    checked(key, value, text -> {});
  }

  private static void checked(String key, String value, Consumer<String> check) {
    if (value == null) {
      return;
    }
    if (value.isBlank()) {
      throw new IllegalArgumentException(key + ": is empty; give a value, or take it out");
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(key + ": holds a control character; take it out");
    }
    try {
      check.accept(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
    }
  }
}
