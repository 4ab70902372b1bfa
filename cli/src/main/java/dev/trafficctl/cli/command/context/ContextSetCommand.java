package dev.trafficctl.cli.command.context;

import dev.trafficctl.cli.command.option.ContextsOption;
import dev.trafficctl.cli.command.option.PercentConverter;
import dev.trafficctl.cli.context.Configuration;
import dev.trafficctl.cli.context.Context;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code trafficctl context set}. */
@Command(
    name = "set",
    description = {
      "Makes a context, or changes what is given of it; an empty value takes a setting out.",
      "A secret is never given here, but the file that holds it, which its owner alone can read"
          + " (chmod 600), or the environment variable. It is read when it is needed. Comments in"
          + " the file are lost."
    },
    footer = {
      "%nExamples:",
      "  trafficctl context set production --flink https://flink.example.com \\",
      "      --protected --flink-ca-certificate ca.pem --flink-bearer-token-file token",
      "  trafficctl context set production --flink-bearer-token-file= --job traffic"
    })
public final class ContextSetCommand implements Runnable {
  private final Environment environment;
  @Mixin ContextsOption contexts;

  @Parameters(paramLabel = "NAME", description = "The context's name.")
  String name;

  @Option(
      names = {"--flink", "--flink-url"},
      paramLabel = "URL",
      description = "The address of Flink's REST API, http or https.")
  String flink;

  @Option(
      names = "--flink-ca-certificate",
      paramLabel = "FILE",
      description = "The only CAs to trust, as PEM; default: those that Java trusts.")
  String caCertificate;

  @Option(
      names = "--flink-client-certificate",
      paramLabel = "FILE",
      description = "The client's certificate and those that lead to its CA, as PEM.")
  String clientCertificate;

  @Option(
      names = "--flink-client-key",
      paramLabel = "FILE",
      description = "The key of the client's certificate: PKCS#8 as PEM, not encrypted.")
  String clientKey;

  @Option(
      names = "--flink-basic-user-file",
      paramLabel = "FILE",
      description = "The file with the user for Flink.")
  String userFile;

  @Option(
      names = "--flink-basic-user-env",
      paramLabel = "VARIABLE",
      description = "The variable with the user for Flink.")
  String userEnv;

  @Option(
      names = "--flink-basic-password-file",
      paramLabel = "FILE",
      description = "The file with the password for Flink.")
  String passwordFile;

  @Option(
      names = "--flink-basic-password-env",
      paramLabel = "VARIABLE",
      description = "The variable with the password for Flink.")
  String passwordEnv;

  @Option(
      names = "--flink-bearer-token-file",
      paramLabel = "FILE",
      description = "The file with the token for Flink.")
  String tokenFile;

  @Option(
      names = "--flink-bearer-token-env",
      paramLabel = "VARIABLE",
      description = "The variable with the token for Flink.")
  String tokenEnv;

  @Option(
      names = "--kafka-url",
      paramLabel = "HOST:PORT,...",
      description = "Kafka's bootstrap servers.")
  String kafkaUrl;

  @Option(
      names = "--kafka-property",
      paramLabel = "NAME=VALUE",
      mapFallbackValue = "",
      description = "A property of Kafka clients, such as ssl.truststore.location; repeatable.")
  Map<String, String> kafkaProperties = new LinkedHashMap<>();

  @Option(
      names = "--postgres-url",
      paramLabel = "URL",
      description = "The database, as jdbc:postgresql://host:port/name.")
  String postgresUrl;

  @Option(names = "--postgres-user", paramLabel = "USER", description = "The database user.")
  String postgresUser;

  @Option(
      names = "--job",
      paramLabel = "JOBNAME",
      description = "The name of the job that is meant when none is given.")
  String job;

  @Option(
      names = "--savepoints",
      paramLabel = "DIR",
      description = "Where savepoints go; default: the cluster's own setting.")
  String savepoints;

  @Option(
      names = "--checkpoints",
      paramLabel = "DIR",
      description = "Where retained checkpoints lie; default: the cluster's own setting.")
  String checkpoints;

  @Option(
      names = "--max-rejected",
      paramLabel = "PERCENT",
      description =
          "How much of the last minute's events may be rejected before status calls the job"
              + " unhealthy, such as 0.5; default: 5.")
  String maxRejected;

  @Option(
      names = "--protected",
      negatable = true,
      fallbackValue = "true",
      description = "Whether every change has to be confirmed with the job's name.")
  Boolean isProtected;

  ContextSetCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    Configuration now = contexts.file().update(this::change);
    environment.err().println("saved the context " + Text.safe(name));
    if (now.current() == null) {
      environment
          .err()
          .println("make it the current one with: trafficctl context use " + Text.safe(name));
    }
  }

  private Configuration change(Configuration configuration) {
    try {
      return configuration.with(
          name, changed(configuration.contexts().get(name)), environment.next());
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, e.getMessage(), e);
    }
  }

  private Context changed(Context old) {
    Context.Flink oldFlink = old == null ? null : old.flink();
    Context.Kafka oldKafka = old == null ? null : old.kafka();
    Context.Postgres oldPostgres = old == null ? null : old.postgres();
    Context.Kafka newKafka =
        new Context.Kafka(
            value(kafkaUrl, oldKafka == null ? null : oldKafka.url()),
            properties(oldKafka == null ? null : oldKafka.properties()));
    Context.Postgres newPostgres =
        new Context.Postgres(
            value(postgresUrl, oldPostgres == null ? null : oldPostgres.url()),
            value(postgresUser, oldPostgres == null ? null : oldPostgres.user()));
    return new Context(
        flink(oldFlink == null ? new Context.Flink(null, null, null, null, null, null) : oldFlink),
        newKafka.equals(new Context.Kafka(null, null)) ? null : newKafka,
        newPostgres.equals(new Context.Postgres(null, null)) ? null : newPostgres,
        value(job, old == null ? null : old.job()),
        value(savepoints, old == null ? null : old.savepoints()),
        value(checkpoints, old == null ? null : old.checkpoints()),
        share(old == null ? null : old.maxRejected()),
        isProtected == null ? old != null && old.isProtected() : isProtected);
  }

  private Context.Flink flink(Context.Flink old) {
    Context.Basic basic = basic(old.basic());
    Context.Bearer bearer = bearer(old.bearer());
    // One takes the place of the other, unless both are asked for, which is refused later.
    if (basic != null && bearer != null) {
      if (basic.equals(old.basic())) {
        basic = null;
      } else if (bearer.equals(old.bearer())) {
        bearer = null;
      }
    }
    return new Context.Flink(
        value(flink, old.url()),
        value(file(caCertificate), old.caCertificate()),
        value(file(clientCertificate), old.clientCertificate()),
        value(file(clientKey), old.clientKey()),
        basic,
        bearer);
  }

  private Context.Basic basic(Context.Basic old) {
    Context.Basic none = new Context.Basic(null, null, null, null);
    Context.Basic before = old == null ? none : old;
    Context.Basic basic =
        new Context.Basic(
            either(file(userFile), userEnv, before.userFile()),
            either(userEnv, userFile, before.userEnv()),
            either(file(passwordFile), passwordEnv, before.passwordFile()),
            either(passwordEnv, passwordFile, before.passwordEnv()));
    return basic.equals(none) ? null : basic;
  }

  private Context.Bearer bearer(Context.Bearer old) {
    Context.Bearer none = new Context.Bearer(null, null);
    Context.Bearer before = old == null ? none : old;
    Context.Bearer bearer =
        new Context.Bearer(
            either(file(tokenFile), tokenEnv, before.tokenFile()),
            either(tokenEnv, tokenFile, before.tokenEnv()));
    return bearer.equals(none) ? null : bearer;
  }

  private Map<String, String> properties(Map<String, String> old) {
    Map<String, String> properties = new TreeMap<>(old == null ? Map.of() : old);
    kafkaProperties.forEach(
        (property, value) -> {
          if (value.isEmpty()) {
            properties.remove(property);
          } else {
            properties.put(property, value);
          }
        });
    return properties.isEmpty() ? null : properties;
  }

  private Double share(Double old) {
    if (maxRejected == null) {
      return old;
    }
    try {
      return maxRejected.isEmpty() ? null : new PercentConverter().convert(maxRejected);
    } catch (TypeConversionException e) {
      throw new IllegalArgumentException("--max-rejected: " + e.getMessage(), e);
    }
  }

  private static String value(String given, String old) {
    return given == null ? old : given.isEmpty() ? null : given;
  }

  /** The value of a setting beside which another one makes no sense. */
  private static String either(String given, String other, String old) {
    return given == null && other != null && !other.isEmpty() ? null : value(given, old);
  }

  /** A path that means the same from every directory. */
  private static String file(String given) {
    return given == null || given.isEmpty()
        ? given
        : Path.of(given).toAbsolutePath().normalize().toString();
  }
}
