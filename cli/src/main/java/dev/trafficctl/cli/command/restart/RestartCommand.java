package dev.trafficctl.cli.command.restart;

import dev.trafficctl.cli.command.change.ChangeOptions;
import dev.trafficctl.cli.command.option.JobJar;
import dev.trafficctl.cli.command.option.ParallelismConverter;
import dev.trafficctl.cli.command.option.SlotsOption;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.operation.restart.From;
import dev.trafficctl.cli.operation.restart.Restart;
import dev.trafficctl.cli.operation.restart.RestartRequest;
import dev.trafficctl.cli.process.Environment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trafficctl restart}. */
@Command(
    name = "restart",
    description = {
      "Stops a job with a savepoint and starts it again: from that savepoint, or from where an"
          + " option says.",
      "A job that is not healthy is cancelled instead, since no savepoint of it can be taken. It"
          + " is started with the arguments, the parallelism and the jar that it had. Where it will"
          + " read from is resolved before anything is stopped, and shown for each partition with"
          + " what is read again or skipped.",
      "It works also when the job has failed, was stopped, or is no longer known to Flink;"
          + " arguments are then taken from this machine's journal or from the state itself."
          + " Settings after -- replace them, for a job of which nothing is known any more.",
      "The last line of stdout is the id of the new job; the line 'way back: PATH' before it names"
          + " the savepoint or checkpoint that was made as the job before ended. When that job has"
          + " ended and no new one was started (exit 7), the last line is that path. If nothing was"
          + " ended and nothing started, stdout is empty."
    },
    footer = {
      "%nExamples:",
      "  trafficctl restart",
      "  trafficctl restart traffic --from-savepoint latest",
      "  trafficctl restart traffic --from-timestamp -10m --plan",
      "  trafficctl restart traffic --parallelism 4 --set batch-rows=2000"
    })
public final class RestartCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin ChangeOptions change;
  @Mixin SlotsOption slots;

  @ArgGroup(exclusive = true)
  FromOptions from;

  @Option(
      names = "--parallelism",
      converter = ParallelismConverter.class,
      paramLabel = "N",
      description = "The new parallelism; default: that which the job had.")
  Integer parallelism;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description =
          "Change a setting of the job, such as batch-rows=2000; can be given several times. See"
              + " trafficctl submit --help for the settings.")
  Map<String, String> changes = new LinkedHashMap<>();

  @Option(
      names = "--jar",
      paramLabel = "FILE",
      description =
          "The job's jar, which may be another than before; default: the one that comes with"
              + " trafficctl, which must be the one that the job was started from.")
  Path jar;

  @Option(
      names = "--allow-non-restored-state",
      description = "Start although the state holds something that no operator of the job takes.")
  boolean allowNonRestoredState;

  @Option(
      names = "--allow-state-of-another-job",
      description =
          "Restore although the state tells another job than the one that is started: another name,"
              + " Kafka, topic, consumer group or Postgres.")
  boolean allowStateOfAnotherJob;

  @Parameters(index = "1..*", paramLabel = "SETTING", description = "The job's settings, after --.")
  List<String> settings = new ArrayList<>();

  RestartCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Cluster on = change.cluster().cluster();
    List<String> all = new ArrayList<>(settings);
    String wanted = change.job().job();
    if (wanted != null && wanted.startsWith("--")) {
      // Without a JOB the first setting behind -- is in its place.
      all.add(0, wanted);
      wanted = null;
    }
    RestartRequest request =
        new RestartRequest(
            wanted == null ? on.job() : wanted,
            from == null ? new From.WhereItStands() : from.from(),
            parallelism,
            changes,
            all,
            jar == null ? JobJar.of(environment.installation()) : JobJar.check(jar),
            jar != null,
            allowNonRestoredState,
            allowStateOfAnotherJob,
            slots.allowed(),
            null,
            change.cluster().flags());
    return change.run(
        on,
        new RestartView(environment, change.format()),
        session -> new Restart(session, request));
  }
}
