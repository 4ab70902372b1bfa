package dev.trafficctl.cli.context;

import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.FlinkConnection;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.local.StackStatus;
import dev.trafficctl.model.Setting;
import dev.trafficctl.model.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import okhttp3.HttpUrl;

/**
 * Finds out which cluster a command means. The first that is given wins: the flag for an address,
 * the flag for a context, the variable for an address, the variable for a context, the current
 * context, the local stack.
 *
 * <p>An address that a context has means that context, so that its protection holds and its
 * credential is at hand. At any other address neither credential nor certificate of a context is
 * used: they are for the Flink that they were made for.
 */
public final class ClusterChoice {
  /** The variable that names a context. */
  public static final String CONTEXT_VARIABLE = "TRAFFICCTL_CONTEXT";

  /** The variable with the address of Flink. */
  public static final String FLINK_VARIABLE = "FLINK_URL";

  private final Map<String, String> variables;
  private final ConfigurationFile file;
  private final Supplier<StackStatus.Addresses> local;
  private final NextCommands next;

  /**
   * With where it is looked for.
   *
   * @param variables the environment variables
   * @param file the contexts
   * @param local the addresses of the local stack, or null when none was made; asked when needed
   * @param next what is recommended when there is none
   */
  public ClusterChoice(
      Map<String, String> variables,
      ConfigurationFile file,
      Supplier<StackStatus.Addresses> local,
      NextCommands next) {
    this.variables = variables;
    this.file = file;
    this.local = local;
    this.next = next;
  }

  /**
   * The cluster.
   *
   * @param flink the address that was given as a flag, or null
   * @param context the context that was given as a flag, or null
   * @throws CommandException when none is given, or what is given cannot be used
   */
  public Cluster choose(String flink, String context) {
    if (context != null) {
      return named(context, flink, true);
    }
    if (flink != null) {
      return at(flink);
    }
    String named = variable(CONTEXT_VARIABLE);
    String address = variable(FLINK_VARIABLE);
    if (named != null) {
      return named(named, address, false);
    }
    if (address != null) {
      return at(address);
    }
    String current = file.read().current();
    if (current != null) {
      return named(current, null, false);
    }
    StackStatus.Addresses addresses = local.get();
    if (addresses == null) {
      throw new CommandException(
          ExitCode.UNREACHABLE,
          "there is no current context and no local stack; give --flink URL or --context NAME,"
              + " choose a context with: "
              + next.chooseContext()
              + ", or start the local stack with: "
              + next.startLocalStack());
    }
    return local(addresses, null);
  }

  /**
   * The name of the context that {@link #choose} takes when no flag is given, or null.
   *
   * @throws CommandException when the file is wrong
   */
  public String chosen() {
    String named = variable(CONTEXT_VARIABLE);
    if (named != null || variable(FLINK_VARIABLE) != null) {
      return named;
    }
    String current = file.read().current();
    return current != null ? current : local.get() == null ? null : Configuration.LOCAL;
  }

  private Cluster named(String name, String flink, boolean asFlag) {
    if (name.equals(Configuration.LOCAL)) {
      StackStatus.Addresses addresses = local.get();
      if (addresses == null) {
        throw new CommandException(
            ExitCode.UNREACHABLE,
            "there is no local stack; start it with: " + next.startLocalStack());
      }
      return local(addresses, flink);
    }
    Configuration configuration = file.read();
    Context context = configuration.contexts().get(name);
    if (context == null) {
      throw new CommandException(
          ExitCode.USAGE, "there is no context " + name + "; known are: " + configuration.known());
    }
    return of(name, context, flink, asFlag);
  }

  private Cluster at(String flink) {
    HttpUrl url = FlinkConnection.to(flink, next).address();
    Configuration configuration = file.read();
    List<String> fitting = new ArrayList<>();
    configuration
        .contexts()
        .forEach(
            (name, context) -> {
              if (FlinkConnection.parse(context.flink().url(), next).equals(url)) {
                fitting.add(name);
              }
            });
    if (fitting.size() > 1 && fitting.contains(configuration.current())) {
      fitting.retainAll(List.of(configuration.current()));
    }
    if (fitting.size() > 1) {
      throw new CommandException(
          ExitCode.USAGE,
          "more than one context has the address "
              + url
              + ": "
              + String.join(", ", fitting)
              + "; say which with --context");
    }
    if (fitting.size() == 1) {
      String name = fitting.get(0);
      return of(name, configuration.contexts().get(name), null, true);
    }
    return new Cluster(
        null,
        FlinkClient.at(flink, next),
        kafkaVariable(variables),
        Map.of(),
        postgresVariable(),
        variable("POSTGRES_USER"),
        null,
        null,
        null,
        null,
        false,
        List.of(),
        null,
        variables,
        next);
  }

  private Cluster of(String name, Context context, String flink, boolean asFlag) {
    Context.Kafka kafka = context.kafka();
    Context.Postgres postgres = context.postgres();
    boolean properties = kafka != null && kafka.properties() != null;
    return new Cluster(
        name,
        client(name, context.flink(), flink),
        first(asFlag, kafka == null ? null : kafka.url(), () -> kafkaVariable(variables)),
        properties ? Map.copyOf(kafka.properties()) : Map.of(),
        first(asFlag, postgres == null ? null : postgres.url(), this::postgresVariable),
        first(asFlag, postgres == null ? null : postgres.user(), () -> variable("POSTGRES_USER")),
        context.job(),
        context.savepoints(),
        context.checkpoints(),
        context.maxRejected(),
        context.isProtected(),
        List.of(),
        null,
        variables,
        next);
  }

  private static String first(boolean contextWins, String ofContext, Supplier<String> ofVariable) {
    if (contextWins && ofContext != null) {
      return ofContext;
    }
    String variable = ofVariable.get();
    return variable == null ? ofContext : variable;
  }

  /**
   * The bootstrap servers that the environment names, or null.
   *
   * @throws CommandException when they are not as {@code --kafka-url} takes them
   */
  public static String kafkaVariable(Map<String, String> variables) {
    return checked(variables, Setting.KAFKA_URL, Settings::checkServers);
  }

  private String postgresVariable() {
    return checked(variables, Setting.POSTGRES_URL, Settings::checkJdbcUrl);
  }

  private static String checked(
      Map<String, String> variables, Setting setting, UnaryOperator<String> check) {
    String name = setting.variable().orElseThrow();
    String value = variable(variables, name);
    try {
      return value == null ? null : check.apply(value);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, name + ": " + e.getMessage(), e);
    }
  }

  private FlinkClient client(String name, Context.Flink settings, String given) {
    HttpUrl own = FlinkConnection.parse(settings.url(), next);
    if (given != null && !FlinkConnection.to(given, next).address().equals(own)) {
      return FlinkClient.at(given, next);
    }
    try {
      Path directory = file.path().getParent();
      boolean certificates =
          settings.caCertificate() != null || settings.clientCertificate() != null;
      FlinkConnection.Tls tls =
          certificates
              ? new FlinkConnection.Tls(
                  path(directory, settings.caCertificate()),
                  path(directory, settings.clientCertificate()),
                  path(directory, settings.clientKey()))
              : null;
      return FlinkClient.of(
          new FlinkConnection(own, tls, new Credentials(directory, variables).of(settings)), next);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.FAILED, "context " + name + ": " + e.getMessage(), e);
    } catch (CommandException e) {
      throw new CommandException(e.exitCode(), "context " + name + ": " + e.getMessage(), e);
    }
  }

  private static Path path(Path directory, String file) {
    return file == null ? null : directory.resolve(file);
  }

  /** The local stack is taken as one: its addresses and its secrets go together. */
  private Cluster local(StackStatus.Addresses addresses, String flink) {
    Map<String, String> merged = new TreeMap<>(variables);
    merged.putAll(addresses.environment());
    return new Cluster(
        Configuration.LOCAL,
        FlinkClient.at(flink == null ? addresses.flink() : flink, next),
        addresses.kafka(),
        addresses.kafkaClient(),
        addresses.postgres(),
        addresses.postgresUser(),
        null,
        flink == null ? addresses.savepoints() : null,
        flink == null ? addresses.checkpoints() : null,
        null,
        false,
        List.of(),
        null,
        merged,
        next);
  }

  private String variable(String name) {
    return variable(variables, name);
  }

  private static String variable(Map<String, String> variables, String name) {
    String value = variables.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }
}
