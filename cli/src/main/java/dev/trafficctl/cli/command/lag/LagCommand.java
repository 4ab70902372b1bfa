package dev.trafficctl.cli.command.lag;

import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.DurationConverter;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.command.option.Interruption;
import dev.trafficctl.cli.command.option.JobOption;
import dev.trafficctl.cli.command.option.LongConverter;
import dev.trafficctl.cli.command.option.PositiveDurationConverter;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.kafka.AdminGroupLog;
import dev.trafficctl.cli.kafka.OpenTransaction;
import dev.trafficctl.cli.lag.LagFigures;
import dev.trafficctl.cli.lag.LagHistory;
import dev.trafficctl.cli.lag.LagReader;
import dev.trafficctl.cli.lag.LagReport;
import dev.trafficctl.cli.lag.LagRequest;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl lag}. */
@Command(
    name = "lag",
    description = {
      "Shows how far behind a job is, for each partition: in events, in time, and when it will have"
          + " caught up.",
      "CURRENT-OFFSET and LAG are of what the group has committed, as kafka-consumer-groups shows"
          + " them: Flink commits at checkpoints only. LIVE-LAG is of the offset that the source"
          + " reads next, by Flink's metrics; the total, the trend and the checks go by it, and"
          + " without it by the checkpointed, else by the committed offset. TIME-LAG is how old the"
          + " next event is. Where transactions or compaction left gaps, a lag counts offsets and"
          + " is an upper bound of events.",
      "LAST-STABLE-OFFSET is shown where an open transaction keeps readers of committed events from"
          + " the end: what lies behind counts as lag, and its time lag is the age of the oldest"
          + " transaction.",
      "Rates are of the time since a checkpoint at least 5 s ago, else of the last minute; with"
          + " --watch, of the last 10 s or of three refreshes of Flink's metrics. What is not"
          + " known is shown as -."
    },
    footer = {
      "%nExamples:",
      "  trafficctl lag",
      "  trafficctl lag --watch",
      "  trafficctl lag traffic --max-time-lag 1m",
      "  trafficctl lag --group reports --wide"
    })
public final class LagCommand implements Callable<Integer> {
  /** Kafka's default of {@code transaction.max.timeout.ms}: it ends an older one by itself. */
  private static final Duration LONGEST_TRANSACTION = Duration.ofMinutes(15);

  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin JobOption job;
  @Mixin FormatOption output;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "The lag of this consumer group, whoever it belongs to; default: the job's.")
  String group;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description =
          "Of this topic alone; default: the topic of the job, or all of which the group has"
              + " committed offsets.")
  String topic;

  @Option(names = "--wide", description = "All columns.")
  boolean wide;

  @Option(
      names = "--watch",
      description =
          "Again and again until Ctrl-C: on a terminal in place, with a curve for each partition;"
              + " elsewhere a line each time.")
  boolean watch;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "2s",
      converter = PositiveDurationConverter.class,
      description = "How long --watch waits each time. Default: ${DEFAULT-VALUE}.")
  Duration interval;

  @Option(
      names = "--max-lag",
      paramLabel = "N",
      converter = LongConverter.AtLeastZero.class,
      description =
          "Exit with 3 if more than so many events have not been read, or if it is unknown.")
  Long maxLag;

  @Option(
      names = "--max-time-lag",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "Exit with 3 if the oldest event that has not been read is older than that, such as 30s"
              + " or 5m, or if that is unknown.")
  Duration maxTimeLag;

  @Option(
      names = "--max-open-transaction",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "Exit with 3 if a transaction that keeps readers of committed events from an end is open"
              + " for longer than that, or if its age is unknown; 15m with another limit.")
  Duration maxOpenTransaction;

  LagCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    check();
    Cluster on = cluster.cluster();
    // Another group has nothing to do with the job that a context names.
    String wanted = group == null ? job.wanted(on) : job.job();
    try (LagReader reader =
        new LagReader(
            on,
            Journal.of(environment),
            new LagRequest(wanted, group, topic),
            AdminGroupLog::new,
            environment.clock(),
            environment.sleeper())) {
      if (watch) {
        Interruption.call(this::end, () -> watch(reader));
        return ExitCode.DONE.number();
      }
      return show(LagReport.of(reader.read()));
    }
  }

  private void check() {
    if (watch && (maxLag != null || maxTimeLag != null || maxOpenTransaction != null)) {
      throw new CommandException(
          ExitCode.USAGE,
          "--watch goes on until Ctrl-C and checks nothing; leave out --max-lag, --max-time-lag"
              + " and --max-open-transaction");
    }
  }

  private int show(LagReport report) {
    LagView.of(report).print(output.format(), wide, environment.out());
    environment.out().flush();
    if (output.format() == Format.TABLE) {
      report.notes().forEach(this::say);
    }
    List<String> broken = broken(report.total());
    checkTransaction(report, broken);
    broken.forEach(this::say);
    return (broken.isEmpty() ? ExitCode.DONE : ExitCode.CHECK_FAILED).number();
  }

  private void checkTransaction(LagReport report, List<String> broken) {
    OpenTransaction open = report.oldestTransaction();
    boolean wanted = maxLag != null || maxTimeLag != null || maxOpenTransaction != null;
    if (open == null || !wanted) {
      return;
    }
    Duration limit = maxOpenTransaction == null ? LONGEST_TRANSACTION : maxOpenTransaction;
    Duration age =
        open.since() == null ? null : Duration.between(open.since(), report.reading().at());
    if (age == null) {
      broken.add(
          "since when a transaction is open is not known, so that it is not known to be at most "
              + Text.age(limit));
    } else if (age.compareTo(limit) > 0) {
      broken.add(
          "a transaction is open for %s, which is %s more than %s"
              .formatted(Text.age(age), Text.age(age.minus(limit)), Text.age(limit)));
    }
  }

  private List<String> broken(LagFigures total) {
    List<String> broken = new ArrayList<>();
    if (maxLag != null && total.lag() == null) {
      broken.add("the lag is not known, so that it is not known to be at most " + maxLag);
    } else if (maxLag != null && total.lag() > maxLag) {
      broken.add(
          "the lag is %s, which is %s more than %s"
              .formatted(
                  Text.number(total.lag()),
                  Text.number(total.lag() - maxLag),
                  Text.number(maxLag)));
    }
    if (maxTimeLag != null && total.timeLag() == null) {
      broken.add(
          "the time lag is not known, so that it is not known to be at most "
              + Text.age(maxTimeLag));
    } else if (maxTimeLag != null && total.timeLag().compareTo(maxTimeLag) > 0) {
      broken.add(
          "the time lag is %s, which is %s more than %s"
              .formatted(
                  Text.age(total.timeLag()),
                  Text.age(total.timeLag().minus(maxTimeLag)),
                  Text.age(maxTimeLag)));
    }
    return broken;
  }

  private Void watch(LagReader reader) {
    LagHistory history = new LagHistory(LagScreen.CURVE);
    boolean drawn = environment.outTerminal() && output.format() == Format.TABLE;
    LagScreen screen = new LagScreen(environment.out());
    Set<String> said = new LinkedHashSet<>();
    boolean first = true;
    while (!Thread.currentThread().isInterrupted() && !environment.out().checkError()) {
      try {
        LagReport report = history.add(reader.read());
        if (drawn) {
          screen.draw(report, history);
        } else {
          print(report);
          report.notes().stream().filter(said::add).forEach(this::say);
        }
      } catch (CommandException e) {
        if (first || e.exitCode() != ExitCode.UNREACHABLE) {
          throw e;
        }
        // What went away may come back; a watch goes on.
        say(environment.clock().instant() + "  " + e.getMessage());
        screen.leave();
      }
      first = false;
      try {
        environment.sleeper().sleep(interval);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return null;
  }

  private void print(LagReport report) {
    LagView view = LagView.of(report);
    if (output.format() == Format.TABLE) {
      environment.out().println(view.at() + "  " + Text.safe(view.sentence()));
    } else {
      if (output.format() == Format.YAML) {
        environment.out().println("---");
      }
      view.print(output.format(), wide, environment.out());
    }
    environment.out().flush();
  }

  /**
   * Ctrl-C is how a watch is meant to end. A terminal has shown it where the cursor is, so that the
   * next prompt needs a line of its own.
   */
  private void end() {
    if (environment.terminal()) {
      environment.err().println();
    } else if (environment.outTerminal()) {
      environment.out().println();
    }
    environment.out().flush();
    environment.err().flush();
    Runtime.getRuntime().halt(ExitCode.DONE.number());
  }

  private void say(String words) {
    words.lines().forEach(line -> environment.err().println("trafficctl: " + Text.safe(line)));
    environment.err().flush();
  }
}
