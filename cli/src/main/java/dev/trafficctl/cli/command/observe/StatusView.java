package dev.trafficctl.cli.command.observe;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.Checkpoint;
import dev.trafficctl.cli.flink.Checkpoints;
import dev.trafficctl.cli.flink.JobFailure;
import dev.trafficctl.cli.flink.LastMinute;
import dev.trafficctl.cli.observe.Health;
import dev.trafficctl.cli.observe.JobStatus;
import dev.trafficctl.cli.observe.Registered;
import dev.trafficctl.cli.observe.RejectedLimit;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The status of a job as it is shown. */
record StatusView(
    String context,
    String flink,
    String flinkVersion,
    String jobId,
    String name,
    String state,
    String since,
    String started,
    boolean healthy,
    List<String> problems,
    int runningTasks,
    int tasks,
    Integer parallelism,
    Integer wantedParallelism,
    int maxParallelism,
    Long restarts,
    LastCheckpoint lastCheckpoint,
    Long failedCheckpoints,
    Long checkpointIntervalMillis,
    Long checkpointTimeoutMillis,
    Restored restored,
    Failure lastFailure,
    Minute lastMinute,
    double maxRejectedPercent,
    int taskManagers,
    int slots,
    int freeSlots,
    String version,
    String jarSha256,
    String submittedBy,
    String startingOffsets,
    List<String> arguments) {
  private static final int LONGEST_VALUE = 100;
  private static final int SHORT_CHECKSUM = 12;

  record LastCheckpoint(
      long id, boolean savepoint, String completed, long durationMillis, long bytes, String path) {}

  record Restored(long id, boolean savepoint, String restored, String path) {}

  /**
   * What became of a minute's events.
   *
   * @param rejectedPercent null if there were none
   * @param topReason null if none was rejected
   */
  record Minute(
      String at,
      long written,
      long filtered,
      long rejected,
      Double rejectedPercent,
      String topReason,
      Map<String, Long> reasons) {}

  record Failure(String at, String task, String taskManager, String cause) {}

  static StatusView of(Cluster cluster, JobStatus status, Health health, RejectedLimit limit) {
    Registered registered = Registered.of(status.config());
    boolean periodic = status.checkpointsPeriodically();
    return new StatusView(
        cluster.context(),
        cluster.flink().address(),
        status.cluster().flinkVersion(),
        status.job().id().text(),
        status.job().name(),
        status.job().state(),
        text(status.since()),
        text(status.job().started()),
        health.healthy(),
        health.problems(),
        status.runningTasks(),
        status.tasks(),
        status.job().vertices().isEmpty() ? null : status.job().parallelism(),
        status.wantedParallelism().isPresent() ? status.wantedParallelism().getAsInt() : null,
        status.job().maxParallelism(),
        status.restarts().isPresent() ? status.restarts().getAsLong() : null,
        lastCheckpoint(status),
        status.checkpoints() == null ? null : status.failedCheckpoints(),
        periodic ? status.checkpointConfig().interval().toMillis() : null,
        periodic ? status.checkpointConfig().timeout().toMillis() : null,
        restored(status),
        failure(status.failure()),
        minute(status.lastMinute()),
        limit.percent(),
        status.cluster().taskManagers(),
        status.cluster().slots(),
        status.cluster().freeSlots(),
        registered.version(),
        registered.jarSha256(),
        registered.submittedBy(),
        registered.startingOffsets(),
        registered.arguments());
  }

  private static LastCheckpoint lastCheckpoint(JobStatus status) {
    Checkpoint last = status.lastCompleted();
    return last == null
        ? null
        : new LastCheckpoint(
            last.id(),
            last.savepoint(),
            text(status.lastCompletedAt()),
            last.duration().toMillis(),
            last.bytes(),
            last.path());
  }

  private static Restored restored(JobStatus status) {
    Checkpoints.Restored from =
        status.checkpoints() == null ? null : status.checkpoints().restored();
    return from == null
        ? null
        : new Restored(from.id(), from.madeAsSavepoint(), text(from.at()), from.path());
  }

  private static Minute minute(LastMinute minute) {
    return minute == null
        ? null
        : new Minute(
            text(minute.at()),
            minute.written(),
            minute.filtered(),
            minute.rejected(),
            minute.rejectedPercent().orElse(null),
            minute.topReason().orElse(null),
            minute.reasons());
  }

  private static Failure failure(JobFailure failure) {
    return failure == null
        ? null
        : new Failure(text(failure.at()), failure.task(), failure.taskManager(), failure.cause());
  }

  private static String text(Instant time) {
    return time == null ? null : time.toString();
  }

  void print(Instant now, Format format, PrintWriter out) {
    if (format != Format.TABLE) {
      Document.print(this, format, out);
      return;
    }
    Table table = new Table("FIELD", "VALUE");
    table.row("JOB", name + " (" + jobId + ")");
    table.row(
        "CLUSTER",
        (context == null ? flink : context + " (" + flink + ")") + ", Flink " + flinkVersion);
    table.row("STATE", state + (since == null ? "" : " since " + since + aged(since, now, "")));
    table.row("TASKS", runningTasks + " of " + tasks + " running");
    table.row(
        "PARALLELISM",
        (parallelism == null ? "-" : parallelism)
            + (wantedParallelism == null || wantedParallelism.equals(parallelism)
                ? ""
                : ", wanted " + wantedParallelism)
            + ", at most "
            + maxParallelism);
    table.row("RESTARTS", restarts);
    table.row("CHECKPOINT", lastCheckpoint == null ? null : shown(lastCheckpoint, now));
    table.row("FAILED SINCE", failedCheckpoints);
    table.row(
        "CHECKPOINT EVERY",
        checkpointIntervalMillis == null
            ? null
            : Text.age(Duration.ofMillis(checkpointIntervalMillis))
                + ", time-out "
                + Text.age(Duration.ofMillis(checkpointTimeoutMillis)));
    table.row("RESTORED FROM", restored == null ? null : shown(restored, now));
    table.row("LAST FAILURE", lastFailure == null ? null : shown(lastFailure, now));
    table.row("LAST MINUTE", lastMinute == null ? null : shown(lastMinute));
    table.row("TASKMANAGERS", taskManagers + ", slots " + slots + ", free " + freeSlots);
    table.row("VERSION", version);
    table.row("JAR SHA-256", jarSha256 == null ? null : shortened(jarSha256));
    table.row("SUBMITTED BY", submittedBy);
    table.row("STARTING OFFSETS", startingOffsets);
    List<String> settings = arguments == null ? List.of() : settings(arguments);
    table.row("ARGUMENTS", settings.isEmpty() ? null : settings.get(0));
    settings.stream().skip(1).forEach(setting -> table.row("", setting));
    table.print(out);
  }

  private static String shown(LastCheckpoint last, Instant now) {
    return (last.savepoint ? "savepoint " : "")
        + last.id
        + " at "
        + last.completed
        + aged(last.completed, now, " ago")
        + ", "
        + Text.bytes(last.bytes)
        + " in "
        + Text.number(last.durationMillis)
        + " ms";
  }

  private static String shown(Restored from, Instant now) {
    return (from.savepoint ? "savepoint " : "checkpoint ")
        + from.id
        + " at "
        + from.restored
        + aged(from.restored, now, " ago")
        + (from.path == null ? "" : ": " + from.path);
  }

  private static String shown(Minute minute) {
    return "written %s, filtered %s, rejected %s%s%s"
        .formatted(
            Text.number(minute.written),
            Text.number(minute.filtered),
            Text.number(minute.rejected),
            minute.rejectedPercent == null || minute.rejected == 0
                ? ""
                : " (" + RejectedLimit.shown(minute.rejectedPercent) + ")",
            minute.topReason == null
                ? ""
                : ", most as %s: %s"
                    .formatted(
                        minute.topReason, Text.number(minute.reasons.get(minute.topReason))));
  }

  private static String shown(Failure failure, Instant now) {
    String firstLine = failure.cause.lines().findFirst().orElse("");
    return failure.at + aged(failure.at, now, " ago") + ": " + firstLine;
  }

  private static String aged(String time, Instant now, String ago) {
    return " (" + Text.age(Duration.between(Instant.parse(time), now)) + ago + ")";
  }

  private static String shortened(String checksum) {
    return checksum.substring(0, Math.min(SHORT_CHECKSUM, checksum.length()));
  }

  /** The arguments with each value behind its name, and only the beginning of a long one. */
  private static List<String> settings(List<String> arguments) {
    List<String> settings = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String setting = shortValue(arguments.get(i));
      boolean hasValue = i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--");
      if (arguments.get(i).startsWith("--") && hasValue) {
        i++;
        setting += " " + shortValue(arguments.get(i));
      }
      settings.add(setting);
    }
    return settings;
  }

  private static String shortValue(String value) {
    String line = value.lines().findFirst().orElse("");
    long lines = value.lines().count();
    if (lines <= 1 && line.length() <= LONGEST_VALUE) {
      return line;
    }
    return line.substring(0, Math.min(LONGEST_VALUE, line.length()))
        + " ... ("
        + (lines > 1 ? Text.number(lines) + " lines" : Text.number(line.length()) + " characters")
        + ", all with -o json)";
  }
}
