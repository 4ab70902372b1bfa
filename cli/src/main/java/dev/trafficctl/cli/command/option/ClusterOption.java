package dev.trafficctl.cli.command.option;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.context.ClusterChoice;
import dev.trafficctl.cli.context.Configuration;
import dev.trafficctl.cli.context.ConfigurationFile;
import dev.trafficctl.cli.context.Overrides;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.journal.Asked;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.local.StackStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which cluster is meant. */
public final class ClusterOption {
  private final Environment environment;
  @Mixin StackOption stack;

  @Option(
      names = "--flink",
      paramLabel = "URL",
      description = "The address of Flink's REST API; default: FLINK_URL, or that of the context.")
  String flink;

  @Option(
      names = "--context",
      paramLabel = "CONTEXT",
      description =
          "The named cluster; default: TRAFFICCTL_CONTEXT, or the current context, or the local"
              + " stack. See: trafficctl context --help.")
  String context;

  @ArgGroup(
      validate = false,
      heading = "%nOptions that win over the context and the environment:%n")
  OverrideOptions given;

  /** For this process. */
  public ClusterOption(Environment environment) {
    this.environment = environment;
  }

  /**
   * The cluster that flags, environment and contexts say together; nothing is asked of it yet.
   *
   * @throws CommandException when they say none, or what they say cannot be used
   */
  public Cluster cluster() {
    return cluster(choice(UnaryOperator.identity()));
  }

  /**
   * The same for a command that does more in Postgres than a job may: on the local stack, where no
   * user is given, as the one who owns it.
   *
   * @throws CommandException when they say none, or what they say cannot be used
   */
  public Cluster asOwner() {
    boolean userIsGiven = overrides().postgresUser() != null;
    return cluster(choice(userIsGiven ? UnaryOperator.identity() : StackStatus.Addresses::asOwner));
  }

  private Cluster cluster(ClusterChoice choice) {
    boolean ofStack = stack.directory != null;
    if (ofStack && context != null && !context.equals(Configuration.LOCAL)) {
      throw new CommandException(
          ExitCode.USAGE,
          "--directory means a local stack, and --context " + context + " does not; give one");
    }
    // Who names a stack means that stack; an address still wins over it.
    boolean local = ofStack && flink == null;
    if (local) {
      stack.addresses();
    }
    return seen(
        choice.choose(flink, local ? Configuration.LOCAL : context).with(overrides()), flags());
  }

  /** What flags say of the addresses besides Flink's. */
  public Overrides overrides() {
    return given == null ? Overrides.NONE : given.overrides();
  }

  /** Kafka's address, if a flag says it. */
  public Optional<String> kafkaUrl() {
    return Optional.ofNullable(overrides().kafkaUrl());
  }

  /** Whether flags say which cluster is meant. */
  public boolean isNamed() {
    return flink != null || context != null || stack.directory != null;
  }

  /** Whether something was done on a cluster: at its address, or in its context. */
  public static boolean isOf(Asked asked, Cluster cluster) {
    return cluster.flink().address().equals(asked.flink())
        || (cluster.context() != null && cluster.context().equals(asked.context()));
  }

  /**
   * The cluster on which something was done before, unless flags say another.
   *
   * @throws CommandException when that is not known any more, or when the flags mean another
   */
  public Cluster cluster(Asked asked) {
    if (!isNamed()) {
      return before(asked).with(overrides());
    }
    Cluster given = cluster();
    if (!isOf(asked, given)) {
      throw new CommandException(
          ExitCode.REFUSED, "that was done on " + asked.flink() + ", not on " + given.shown());
    }
    return given;
  }

  private Cluster before(Asked asked) {
    ClusterChoice choice = choice(UnaryOperator.identity());
    if (asked.context() != null && !asked.context().equals(Configuration.LOCAL)) {
      return seen(choice.choose(null, asked.context()), flags("--context", asked.context()));
    }
    StackStatus.Addresses local =
        asked.context() == null ? null : stack.stack().addresses().orElse(null);
    if (local != null
        && FlinkClient.at(local.flink(), environment.next()).address().equals(asked.flink())) {
      return seen(choice.choose(null, Configuration.LOCAL), flags());
    }
    return seen(choice.choose(asked.flink(), null), flags("--flink", asked.flink()));
  }

  private Cluster seen(Cluster cluster, List<String> flags) {
    Path plugins = environment.installation().pluginDirectory(environment.variables());
    return cluster.seen(flags, Files.isDirectory(plugins) ? plugins : null);
  }

  private List<String> flags(String option, String value) {
    List<String> flags = new ArrayList<>(List.of(option, value));
    flags.addAll(overrides().flags());
    return flags;
  }

  /** The options as they were given, to be repeated in a command that is recommended. */
  public List<String> flags() {
    List<String> flags = new ArrayList<>();
    add(flags, "--context", context);
    add(flags, "--flink", flink);
    flags.addAll(stack.flags());
    flags.addAll(overrides().flags());
    return flags;
  }

  private static void add(List<String> flags, String option, String value) {
    if (value != null) {
      flags.add(option);
      flags.add(value);
    }
  }

  private ClusterChoice choice(UnaryOperator<StackStatus.Addresses> login) {
    return new ClusterChoice(
        environment.variables(),
        ConfigurationFile.in(environment.variables(), environment.next()),
        () -> stack.stack().addresses().map(login).orElse(null),
        environment.next());
  }
}
