package dev.trafficctl.cli.operation.catalogue;

import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.state.StatePath;
import dev.trafficctl.model.Setting;
import dev.trafficctl.model.StartDescription;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.Driver;

/**
 * A job and those before it of which it goes on: whose states it may be restored from. Two jobs may
 * have one name and one storage, and the state of one holds the place in Kafka up to which the
 * other's rows were never written.
 *
 * @param told what the job was started with, as far as anything tells; more than one value where it
 *     is changed by the restart
 * @param jobs the ids that are known of its jobs
 * @param states what these were restored from, and left as they ended
 */
public record JobLine(Map<Fact, Set<String>> told, Set<JobId> jobs, Set<StatePath> states) {
  private static final Pattern CHECKPOINT = Pattern.compile(".*/([0-9a-f]{32})/chk-\\d+");
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

  /** That of a job of which nothing is known: every state may be of it. */
  public static final JobLine ANY = new JobLine(Map.of(), Set.of(), Set.of());

  /** With copies of what is given. */
  public JobLine {
    told = Map.copyOf(told);
    jobs = Set.copyOf(jobs);
    states = Set.copyOf(states);
  }

  /** What tells jobs apart. */
  public enum Fact {
    /** The name in Flink. */
    NAME(Setting.JOB_NAME, "job name"),
    /** The brokers. */
    KAFKA(Setting.KAFKA_URL, "Kafka"),
    /** What is read. */
    TOPIC(Setting.KAFKA_TOPIC, "topic"),
    /** Under what offsets are committed. */
    GROUP(Setting.KAFKA_GROUP, "consumer group"),
    /** Where rows are written. */
    POSTGRES(Setting.POSTGRES_URL, "Postgres"),
    /** To which table there. */
    TABLE(Setting.TABLE, "table");

    private final Setting setting;
    private final String words;

    Fact(Setting setting, String words) {
      this.setting = setting;
      this.words = words;
    }

    /** The setting that says it. */
    public Setting setting() {
      return setting;
    }
  }

  /**
   * A fact in which a state is not of this line.
   *
   * @param fact which
   * @param theirs what the state tells
   * @param ours what the job has
   */
  public record Difference(Fact fact, String theirs, String ours) {
    /** With what the job has. */
    public String whole() {
      return brief() + " instead of " + ours;
    }

    /** What the state tells alone. */
    public String brief() {
      return fact.words + " " + theirs;
    }
  }

  /** That of a job that was started in this way, and of which no job before it is known. */
  static JobLine of(StartDescription description) {
    Map<Fact, Set<String>> told = new EnumMap<>(Fact.class);
    facts(description).forEach((fact, value) -> told.put(fact, Set.of(value)));
    return new JobLine(told, Set.of(), Set.of());
  }

  /**
   * What somebody should know who lets a job go on with its state, but write elsewhere.
   *
   * @param before the arguments of the job before
   * @param after those of the job that goes on
   * @return nothing where both write to the same tables, or nothing tells
   */
  public static Optional<String> otherTables(List<String> before, List<String> after) {
    Optional<String> was = tables(before);
    Optional<String> is = tables(after);
    return was.isEmpty() || is.isEmpty() || was.equals(is)
        ? Optional.empty()
        : Optional.of(
            "what was written so far stays in Postgres %s, and only what comes goes to %s; to have all of it there, start with --from-earliest"
                .formatted(was.get(), is.get()));
  }

  private static Optional<String> tables(List<String> arguments) {
    JobArguments given = new JobArguments(arguments);
    return given
        .given(Fact.POSTGRES.setting())
        .map(
            url ->
                "%s, table %s"
                    .formatted(
                        canonical(Fact.POSTGRES, url),
                        canonical(Fact.TABLE, given.value(Fact.TABLE.setting()).orElseThrow())));
  }

  /** What it was started with but its name, in words. */
  public String words() {
    return told.entrySet().stream()
        .filter(entry -> entry.getKey() != Fact.NAME)
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> entry.getKey().words + " " + String.join(" or ", entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** The same, also as it is with other settings. */
  JobLine changed(StartDescription changed) {
    Map<Fact, Set<String>> both = new EnumMap<>(Fact.class);
    both.putAll(told);
    facts(changed)
        .forEach(
            (fact, value) -> {
              Set<String> values = new LinkedHashSet<>();
              values.add(value);
              values.addAll(told.getOrDefault(fact, Set.of()));
              both.put(fact, Collections.unmodifiableSet(values));
            });
    return new JobLine(both, jobs, states);
  }

  /** The same, of which these are known. */
  JobLine with(Set<JobId> known, Set<StatePath> itsStates) {
    return new JobLine(told, known, itsStates);
  }

  /**
   * In what a state is not of this line, by all that both tell.
   *
   * @param path where the state lies
   * @param job the job that made it, or null if nothing but the path tells
   * @param description how that job was started, or null if nothing tells
   */
  public List<Difference> differences(String path, JobId job, StartDescription description) {
    if (description == null || isKnown(path, job)) {
      return List.of();
    }
    List<Difference> differences = new ArrayList<>();
    facts(description)
        .forEach(
            (fact, value) -> {
              Set<String> ours = told.getOrDefault(fact, Set.of());
              if (!ours.isEmpty() && ours.stream().noneMatch(own -> fits(fact, own, value))) {
                differences.add(
                    new Difference(
                        fact, value, String.join(" or ", ours.stream().sorted().toList())));
              }
            });
    return differences;
  }

  private boolean isKnown(String path, JobId job) {
    Matcher checkpoint = CHECKPOINT.matcher(StatePath.of(path).text());
    return states.contains(StatePath.of(path))
        || (job != null && jobs.contains(job))
        || (checkpoint.matches() && jobs.contains(new JobId(checkpoint.group(1))));
  }

  /** Of the brokers of one Kafka any may be named. */
  private static boolean fits(Fact fact, String own, String other) {
    return fact == Fact.KAFKA
        ? !Collections.disjoint(List.of(own.split(",")), List.of(other.split(",")))
        : own.equals(other);
  }

  private static Map<Fact, String> facts(StartDescription description) {
    JobArguments arguments = JobArguments.of(description);
    Map<Fact, String> facts = new EnumMap<>(Fact.class);
    for (Fact fact : Fact.values()) {
      Optional<String> value =
          fact == Fact.NAME ? Optional.of(description.jobName()) : arguments.given(fact.setting());
      value.map(text -> canonical(fact, text)).ifPresent(text -> facts.put(fact, text));
    }
    return facts;
  }

  private static String canonical(Fact fact, String value) {
    return switch (fact) {
      case KAFKA ->
          String.join(
              ",",
              Stream.of(value.split(","))
                  .map(String::strip)
                  .map(JobLine::address)
                  .sorted()
                  .toList());
      case POSTGRES -> database(value);
      case NAME, TOPIC, GROUP, TABLE -> Text.safe(value);
    };
  }

  private static String address(String address) {
    int colon = address.lastIndexOf(':');
    return colon < 0 ? host(address) : host(address.substring(0, colon)) + address.substring(colon);
  }

  private static String host(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return LOOPBACK.contains(lower) ? "localhost" : lower;
  }

  /** Other parameters of the URL say how it is reached, and may hold a secret. */
  private static String database(String url) {
    Properties parts = Driver.parseURL(url, new Properties());
    if (parts == null) {
      return null;
    }
    String[] hosts = parts.getProperty("PGHOST", "localhost").split(",");
    String[] ports = parts.getProperty("PGPORT", "5432").split(",");
    List<String> servers = new ArrayList<>();
    for (int i = 0; i < hosts.length; i++) {
      servers.add(host(hosts[i]) + ":" + ports[Math.min(i, ports.length - 1)]);
    }
    String schema =
        Objects.requireNonNullElse(
            parts.getProperty("currentSchema", parts.getProperty("options")), "public");
    return Text.safe(
        String.join(",", servers) + "/" + parts.getProperty("PGDBNAME", "") + " schema " + schema);
  }
}
