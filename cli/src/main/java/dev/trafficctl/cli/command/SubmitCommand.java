package dev.trafficctl.cli.command;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.Environment;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.Submission;
import dev.trafficctl.cli.journal.Author;
import dev.trafficctl.cli.operation.JobArguments;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.model.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trafficctl submit}. */
@Command(
    name = "submit",
    description = {
      "Uploads the job's jar to Flink and starts the job.",
      "What follows -- are the job's own settings; secrets are read from the environment of the"
          + " Flink processes, never from here."
    },
    footer = {
      "%nExample:",
      "  trafficctl submit --flink http://jobmanager:8081 --parallelism 4 -- \\",
      "      --kafka-url broker:9092 --kafka-topic web-traffic --kafka-group traffic \\",
      "      --postgres-url jdbc:postgresql://db:5432/traffic --postgres-user traffic"
    })
public final class SubmitCommand implements Runnable {
  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin FormatOption output;

  @Option(
      names = "--jar",
      paramLabel = "FILE",
      description = "The job's jar; default: the one that comes with this program.")
  Path jar;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      defaultValue = "1",
      description = "The job's parallelism. Default: ${DEFAULT-VALUE}.")
  int parallelism;

  @Option(
      names = "--filter-file",
      paramLabel = "FILE",
      description = "A file with filter rules as YAML; its text becomes the setting --filter.")
  Path filterFile;

  @Parameters(paramLabel = "SETTING", description = "The job's settings, after --.")
  List<String> settings = new ArrayList<>();

  SubmitCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    List<String> arguments = new ArrayList<>(settings);
    if (filterFile != null) {
      arguments.add("--filter");
      arguments.add(read(filterFile));
    }
    Path file = jar == null ? JobJar.of(environment.installation()) : JobJar.check(jar);
    Cluster on = cluster.cluster();
    FlinkClient client = on.flink();
    environment.err().println("submitting " + file + " to " + Text.safe(client.address()));
    String name = new JobArguments(arguments).value(Setting.JOB_NAME).orElseThrow();
    JobId id =
        new Submission(
                client,
                on.flags(),
                Author.current().toString(),
                environment.clock(),
                environment.sleeper())
            .submit(file, name, parallelism, arguments);
    if (output.format == Format.TABLE) {
      new Table("JOB ID", "FLINK").row(id, client.address()).print(environment.out());
    } else {
      Document.print(new Result(id.text(), client.address()), output.format, environment.out());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED, "cannot read " + file + " as UTF-8 text; check --filter-file", e);
    }
  }

  private record Result(String jobId, String flink) {}
}
