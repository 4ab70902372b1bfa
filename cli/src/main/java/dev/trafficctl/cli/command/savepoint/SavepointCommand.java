package dev.trafficctl.cli.command.savepoint;

import dev.trafficctl.cli.command.change.ChangeOptions;
import dev.trafficctl.cli.command.option.DirectoryOption;
import dev.trafficctl.cli.flink.SavepointFormat;
import dev.trafficctl.cli.operation.savepoint.SavepointRequest;
import dev.trafficctl.cli.operation.savepoint.TakeSavepoint;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl savepoint}. */
@Command(
    name = "savepoint",
    description = {
      "Takes a savepoint of a job, which runs on; the path is the last line of stdout.",
      "It is written to the journal before Flink is asked: if the connection or this terminal is"
          + " lost, trafficctl operations resume finds the path. A job whose name is that of a"
          + " subcommand is given by its id, or after --."
    },
    synopsisSubcommandLabel = "[SUBCOMMAND]",
    subcommands = {
      SavepointDeleteCommand.class,
      SavepointInspectCommand.class,
      SavepointListCommand.class,
      SavepointStatusCommand.class
    },
    footer = {
      "%nExamples:",
      "  trafficctl savepoint",
      "  trafficctl savepoint traffic --to s3://bucket/savepoints --format native"
    })
public final class SavepointCommand implements Callable<Integer> {
  @Mixin ChangeOptions change;
  @Mixin DirectoryOption directory;

  @Option(
      names = "--format",
      paramLabel = "canonical|native",
      defaultValue = "canonical",
      description =
          "canonical can be restored by every state backend; native is faster and bound to the"
              + " job's own. Default: ${DEFAULT-VALUE}.")
  SavepointFormat format;

  @Option(
      names = "--detach",
      description =
          "Return as soon as Flink has the request, and print the operation's id instead of the"
              + " path; see: trafficctl savepoint status.")
  boolean detach;

  @Override
  public Integer call() {
    SavepointRequest request = new SavepointRequest(directory.directory(), format, false, detach);
    return change.run(
        TakeSavepoint.VERB, (session, job) -> new TakeSavepoint(session).prepare(job, request));
  }
}
