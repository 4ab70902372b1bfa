package dev.trafficctl.cli.command.observe;

import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.command.option.IntegerConverter;
import dev.trafficctl.cli.command.option.JobOption;
import dev.trafficctl.cli.command.option.PositiveDurationConverter;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.observe.LogReader;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl logs}. */
@Command(
    name = "logs",
    description = {
      "Prints the ends of the logs of the JobManager and of the TaskManagers that run a job,"
          + " through Flink's REST API; without any job, those of all TaskManagers.",
      "Flink sends each log from its beginning; 8 MiB from its end are kept."
    },
    footer = {
      "%nExamples:",
      "  trafficctl logs -n 50",
      "  trafficctl logs --jobmanager",
      "  trafficctl logs --taskmanager taskmanager-1-1a2b3c4d --file gc.log"
    })
public final class LogsCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin JobOption job;
  @Mixin FormatOption output;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "LINES",
      converter = IntegerConverter.Lines.class,
      defaultValue = "100",
      description = "How many lines of each log, at most 100,000. Default: ${DEFAULT-VALUE}.")
  int lines;

  @Option(names = "--jobmanager", description = "The JobManager's log alone.")
  boolean jobManager;

  @Option(
      names = "--taskmanager",
      paramLabel = "ID",
      description = "The log of this TaskManager alone.")
  String taskManager;

  @Option(
      names = "--file",
      paramLabel = "NAME",
      description = "Another log file of the same processes, such as gc.log.")
  String file;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "1m",
      converter = PositiveDurationConverter.class,
      description = "How long one log may take. Default: ${DEFAULT-VALUE}.")
  Duration timeout;

  LogsCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (jobManager && taskManager != null) {
      throw new CommandException(ExitCode.USAGE, "give --jobmanager or --taskmanager, not both");
    }
    List<LogReader.Log> logs = read(cluster.cluster());
    LogsView.of(logs).print(output.format(), environment.out());
    logs.forEach(this::say);
    return logs.stream().allMatch(log -> log.problem() == null)
        ? ExitCode.DONE.number()
        : ExitCode.FAILED.number();
  }

  private List<LogReader.Log> read(Cluster on) {
    LogReader reader = new LogReader(on, file, lines, timeout);
    if (taskManager != null) {
      return List.of(reader.taskManager(taskManager));
    }
    if (jobManager) {
      // A log is any text: something that only Flink answers tells that it is Flink's.
      on.flink().overview();
      return List.of(reader.jobManager());
    }
    if (job.wanted(on) != null) {
      return reader.of(job.finder(on).any().id());
    }
    Optional<JobSummary> found = job.finder(on).findAny();
    return found.map(one -> reader.of(one.id())).orElseGet(reader::all);
  }

  private void say(LogReader.Log log) {
    String of =
        log.taskManager() == null ? "the JobManager" : "the TaskManager " + log.taskManager();
    if (log.problem() != null) {
      tell("cannot read the log of " + of + ": " + log.problem());
    } else if (log.tail().cut()) {
      tell(
          "the log of "
              + of
              + " has "
              + Text.bytes(log.tail().bytes())
              + "; only the last "
              + Text.number(log.tail().lines().size())
              + " lines were kept");
    } else if (log.tail().lines().isEmpty()) {
      tell("the log of " + of + " is empty");
    }
  }

  private void tell(String line) {
    environment.err().println("trafficctl: " + Text.safe(line));
  }
}
