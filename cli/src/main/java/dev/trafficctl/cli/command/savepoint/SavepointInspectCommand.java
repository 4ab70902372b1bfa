package dev.trafficctl.cli.command.savepoint;

import dev.trafficctl.cli.command.offsets.StateTopic;
import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.command.option.JobJar;
import dev.trafficctl.cli.command.option.StatePathConverter;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextRestart;
import dev.trafficctl.cli.state.Inspection;
import dev.trafficctl.cli.state.PluginFileSystems;
import dev.trafficctl.cli.state.SavepointInspector;
import dev.trafficctl.cli.state.SkippedEvents;
import dev.trafficctl.cli.state.StatePath;
import dev.trafficctl.cli.state.StateReader;
import dev.trafficctl.kafka.ReadingGaps;
import dev.trafficctl.model.StartingPosition;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trafficctl savepoint inspect}. */
@Command(
    name = "inspect",
    description = {
      "Shows what a savepoint or checkpoint holds: operators, offsets, and whether Kafka still has"
          + " the events that it goes on with. Exits 3 if it cannot be restored without loss, and 4"
          + " if it is damaged, or its source goes on behind events that were never processed.",
      "Neither Flink nor the job needs to run. Kafka's address and the topic are those of the job"
          + " in the state, unless a context has an address. Other places than local ones are read"
          + " by Flink's file-system plug-ins in FLINK_PLUGINS_DIR or in plugins/ beside"
          + " trafficctl."
    },
    footer = {
      "%nExamples:",
      "  trafficctl savepoint inspect /srv/flink/savepoints/savepoint-0a1b2c-1234567890ab",
      "  trafficctl savepoint inspect s3://bucket/savepoint-0a1b2c-1234567890ab --jar job.jar"
    })
public final class SavepointInspectCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin FormatOption output;

  @Parameters(
      paramLabel = "PATH",
      converter = StatePathConverter.class,
      description = "The directory of a savepoint or checkpoint, or the _metadata in it.")
  StatePath path;

  @Option(
      names = "--jar",
      paramLabel = "FILE",
      description =
          "The jar whose operators would take the state; default: the one that comes with"
              + " trafficctl.")
  Path jar;

  SavepointInspectCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    StateTopic topic = new StateTopic(cluster, environment);
    SavepointInspector inspector =
        new SavepointInspector(
            new StateReader(
                PluginFileSystems.of(environment.variables(), environment.installation())),
            topic::of,
            environment.clock(),
            environment.next());
    Inspection inspection = inspector.inspect(path.text(), jar());
    InspectionView.print(
        inspection, environment.clock().instant(), output.format(), environment.out());
    environment.out().flush();
    inspection.unknowns().forEach(unknown -> say("note: " + unknown));
    if (!inspection.losses().isEmpty()) {
      say(
          "it can no longer be restored without loss: "
              + String.join("; ", inspection.losses())
              + inspection.left().map(left -> goingOn(inspection, left)).orElse(""));
    }
    SkippedEvents skipped = inspection.skipped();
    if (!skipped.isEmpty()) {
      say(skipped.words(withoutState(inspection, skipped.before())));
    }
    inspection.refusals().forEach(this::say);
    if (!skipped.isEmpty()) {
      return ExitCode.REFUSED.number();
    }
    boolean fails = Boolean.FALSE.equals(inspection.restorable());
    return (fails ? ExitCode.CHECK_FAILED : ExitCode.DONE).number();
  }

  private String goingOn(Inspection inspection, StartingPosition.Offsets left) {
    return "; "
        + ReadingGaps.UNKNOWABLE
        + "; to go on with what is left, start without state: "
        + withoutState(inspection, left);
  }

  private String withoutState(Inspection inspection, StartingPosition.Offsets position) {
    String job =
        inspection.file().description() == null ? "JOB" : inspection.file().description().jobName();
    return environment
        .next()
        .on(cluster.flags())
        .restart(NextRestart.of(job, new NextRestart.Position(position)));
  }

  private Path jar() {
    if (jar != null) {
      return JobJar.check(jar);
    }
    try {
      return JobJar.of(environment.installation());
    } catch (CommandException e) {
      // Nothing but the comparison needs it.
      return null;
    }
  }

  private void say(String words) {
    environment.err().println("trafficctl: " + Text.safe(words));
  }
}
