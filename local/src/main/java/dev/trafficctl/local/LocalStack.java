package dev.trafficctl.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;

/**
 * A Kafka broker, a Postgres server and a standalone Flink cluster on this machine, each part an
 * operating-system process of its own, with all its state, logs and process ids in one directory.
 *
 * <p>Parts are named {@code kafka}, {@code postgres}, {@code jobmanager}, {@code taskmanager-1} and
 * so on. Parts outlive the JVM that started them, and the Ctrl-C that ends it.
 */
public final class LocalStack {
  private final StackDirectory directory;
  private final Distribution distribution;

  private LocalStack(StackDirectory directory, Distribution distribution) {
    this.directory = directory;
    this.distribution = distribution;
  }

  /**
   * The stack whose state lies in a directory; nothing is started or created yet.
   *
   * @param directory where state, logs and process ids live, for example {@code .local}
   * @param distribution where the class paths and configuration files are found
   */
  public static LocalStack in(Path directory, Distribution distribution) {
    return new LocalStack(new StackDirectory(directory), distribution);
  }

  /**
   * Starts what does not run yet and waits until every part answers. A stack that is up already is
   * left as it is; a part that died is started again with its data.
   *
   * @param progress receives one line for each thing that happens
   * @throws StackException when a port is taken, a part does not come up, or the options contradict
   *     those the stack was made with; its message is one line with the remedy
   * @throws StackRefusedException when the directory holds something else than a stack
   */
  public StackStatus up(StackOptions options, Consumer<String> progress) {
    distribution.check();
    directory.create();
    return directory.exclusively(progress, () -> bringUp(options, oneAtATime(progress)));
  }

  /**
   * Makes a stack's directory and chooses its ports, and starts nothing: what single parts need
   * before they can be started. A stack that was made before is left as it is.
   *
   * @throws StackException when the options contradict those the stack was made with
   */
  public StackStatus prepare(StackOptions options) {
    directory.create();
    return directory.exclusively(
        line -> {},
        () -> {
          StackRecord stack = recordOf(options);
          directory.write(stack);
          return status(stack, parts(stack));
        });
  }

  private StackRecord recordOf(StackOptions options) {
    return directory
        .read()
        .map(made -> made.grow(options, directory))
        .orElseGet(() -> StackRecord.make(Uuid.randomUuid().toString(), options));
  }

  private StackStatus bringUp(StackOptions options, Consumer<String> progress) {
    Optional<StackRecord> before = directory.read();
    StackRecord stack =
        before.isPresent()
            ? before.get().grow(options, directory)
            : StackRecord.make(Uuid.randomUuid().toString(), options);
    if (before.isEmpty()) {
      directory.forgetSecrets();
    }
    List<Part> parts = parts(stack);
    List<Part> missing = parts.stream().filter(part -> part.process().isEmpty()).toList();
    requireFreePorts(missing, before.isPresent());
    directory.write(stack);
    AtOnce.untilOneFails(
        parts,
        part -> {
          if (missing.contains(part)) {
            start(part, progress);
          } else if (part.status().state() == StackStatus.State.FROZEN) {
            progress.accept(part.name() + " is frozen: letting it go on");
            part.thaw();
          }
        });
    parts.forEach(Part::awaitAnswer);
    return status(stack, parts);
  }

  private static void start(Part part, Consumer<String> progress) {
    boolean died = part.status().state() == StackStatus.State.DEAD;
    progress.accept(
        died ? part.name() + " had died: starting it again" : "starting " + part.name());
    long began = System.nanoTime();
    part.start();
    progress.accept(
        "%s is up after %.1f s%s"
            .formatted(
                part.name(),
                (System.nanoTime() - began) / 1e9,
                part.address() == null ? "" : ": " + part.address()));
  }

  private void requireFreePorts(List<Part> parts, boolean made) {
    for (Part part : parts) {
      for (Part.Port port : part.ports()) {
        if (!FreePorts.isFree(port.number())) {
          throw new StackException(
              "port %d (%s) is taken: stop what uses it, or %s"
                  .formatted(port.number(), part.name(), otherwise(port, made)));
        }
      }
    }
  }

  private String otherwise(Part.Port port, boolean made) {
    String choice =
        port.option().map(option -> "choose another with " + option).orElse("try again");
    return made
        ? "delete the stack and its data with `"
            + directory.command("down --wipe")
            + "` and "
            + choice
        : choice;
  }

  /**
   * Stops every part.
   *
   * @param wipe whether data, logs and configuration are deleted as well
   * @throws StackRefusedException before anything is stopped, when all of the directory would be
   *     deleted and it holds something else than a stack
   */
  public void down(boolean wipe, Consumer<String> progress) {
    if (!directory.exists()) {
      progress.accept("nothing is up in " + directory.root());
      return;
    }
    if (wipe) {
      directory.requireOnlyAStack();
    }
    directory.exclusively(
        progress,
        () -> {
          takeDown(wipe, oneAtATime(progress));
          return null;
        });
  }

  private void takeDown(boolean wipe, Consumer<String> progress) {
    List<PartProcess> parts =
        directory.parts().stream().map(name -> new PartProcess(name, directory)).toList();
    // Flink first, so that the job meets neither a broker nor a database that goes away.
    stop(parts, PartProcess::isOfFlink, progress);
    stop(parts, part -> !part.isOfFlink(), progress);
    if (wipe) {
      directory.wipe();
      progress.accept("deleted everything in " + directory.root());
    }
  }

  private static void stop(
      List<PartProcess> parts, Predicate<PartProcess> selected, Consumer<String> progress) {
    AtOnce.all(
        parts.stream().filter(selected).toList(),
        part -> {
          boolean ran = part.process().isPresent();
          part.stop();
          progress.accept(part.name() + (ran ? " is stopped" : " did not run"));
        });
  }

  /** What runs and what does not, and where it can be reached. */
  public StackStatus status() {
    return directory
        .read()
        .map(stack -> status(stack, parts(stack)))
        .orElse(new StackStatus(List.of(), null));
  }

  /** Where it is reached, or nothing when no stack was made; whether it runs is not looked at. */
  public Optional<StackStatus.Addresses> addresses() {
    return directory.read().map(this::addresses);
  }

  /** What it was made with, its ports included, or nothing when no stack was made. */
  public Optional<StackOptions> madeWith() {
    return directory.read().map(StackRecord::options);
  }

  private StackStatus status(StackRecord stack, List<Part> parts) {
    return new StackStatus(parts.stream().map(Part::status).toList(), addresses(stack));
  }

  /**
   * The log of one part.
   *
   * @throws StackException when there is no such part
   */
  public Path log(String part) {
    return part(part).log();
  }

  /** Starts one part that was stopped or killed, with its data, and waits until it answers. */
  public void start(String part) {
    locked(
        part,
        found -> {
          if (found.process().isEmpty()) {
            requireFreePorts(List.of(found), true);
            found.start();
          } else {
            found.awaitAnswer();
          }
        });
  }

  /** Stops one part in an orderly way and waits until it is gone. */
  public void stop(String part) {
    locked(part, Part::stop);
  }

  /** Ends one part at once, as {@code kill -9} does, and waits until it is gone. */
  public void kill(String part) {
    locked(part, Part::kill);
  }

  /** Freezes one part with SIGSTOP. */
  public void freeze(String part) {
    locked(part, Part::freeze);
  }

  /** Lets a frozen part go on with SIGCONT. */
  public void thaw(String part) {
    locked(part, Part::thaw);
  }

  private void locked(String part, Consumer<Part> action) {
    Part found = part(part);
    directory.exclusively(
        line -> {},
        () -> {
          action.accept(found);
          return null;
        });
  }

  private Part part(String name) {
    StackRecord stack =
        directory
            .read()
            .orElseThrow(
                () ->
                    new StackException(
                        "no stack in "
                            + directory.root()
                            + ": run `"
                            + directory.command("up")
                            + "`"));
    return parts(stack).stream()
        .filter(part -> part.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new StackException(
                    "no part is named "
                        + name
                        + ": it is one of "
                        + String.join(", ", stack.parts())));
  }

  /** The parts in the order in which they are shown. */
  private List<Part> parts(StackRecord stack) {
    StackOptions options = stack.options();
    Secrets secrets = Secrets.in(directory, options.security());
    Path configuration = distribution.configuration();
    Map<String, String> environment = environment(stack, secrets);
    List<Part> parts = new ArrayList<>();
    parts.add(
        new KafkaPart(
            directory,
            distribution.kafkaLib(),
            configuration.resolve("kafka"),
            options.kafkaPort(),
            stack.clusterId(),
            kafkaSecurity(options, secrets)));
    parts.add(
        new PostgresPart(
            directory,
            options.postgresPort(),
            configuration.resolve("postgres/postgresql.conf"),
            secrets));
    parts.add(new JobManagerPart(directory, distribution, stack, environment));
    for (int number = 1; number <= options.taskManagers(); number++) {
      parts.add(new TaskManagerPart(number, directory, distribution, stack, environment));
    }
    return parts;
  }

  private KafkaSecurity kafkaSecurity(StackOptions options, Secrets secrets) {
    return switch (options.security()) {
      case PLAINTEXT -> new KafkaSecurity.Plaintext();
      case SASL_SSL -> new SaslSsl(directory, secrets);
    };
  }

  private StackStatus.Addresses addresses(StackRecord stack) {
    StackOptions options = stack.options();
    Secrets secrets = Secrets.in(directory, options.security());
    return new StackStatus.Addresses(
        kafkaAddress(options),
        kafkaSecurity(options, secrets).publicClientProperties(),
        environment(stack, secrets),
        PostgresUsers.jdbcUrl(options.postgresPort(), PostgresUsers.DATABASE),
        PostgresUsers.JOB,
        secrets.ownersPassword(),
        FlinkPart.restUrl(options.flinkPort()),
        StackDirectory.flinkUrl(directory.savepoints()),
        StackDirectory.flinkUrl(directory.checkpoints()));
  }

  private static Map<String, String> environment(StackRecord stack, Secrets secrets) {
    StackOptions options = stack.options();
    Map<String, String> environment = new TreeMap<>(secrets.environment());
    environment.put("KAFKA_URL", kafkaAddress(options));
    environment.put(
        "POSTGRES_URL", PostgresUsers.jdbcUrl(options.postgresPort(), PostgresUsers.DATABASE));
    environment.put("POSTGRES_USER", PostgresUsers.JOB);
    return Collections.unmodifiableMap(environment);
  }

  private static String kafkaAddress(StackOptions options) {
    return "127.0.0.1:" + options.kafkaPort();
  }

  private static Consumer<String> oneAtATime(Consumer<String> progress) {
    Object turn = new Object();
    return line -> {
      synchronized (turn) {
        progress.accept(line);
      }
    };
  }
}
