package dev.trafficctl.cli.command.start;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.trafficctl.cli.command.change.ChangeRun;
import dev.trafficctl.cli.command.change.Confirmation;
import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.command.option.JobJar;
import dev.trafficctl.cli.command.option.ParallelismConverter;
import dev.trafficctl.cli.command.option.SlotsOption;
import dev.trafficctl.cli.command.option.TimeoutOption;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.operation.start.Submit;
import dev.trafficctl.cli.operation.start.SubmitRequest;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.FilterRules;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trafficctl submit}. */
@Command(
    name = "submit",
    description = {
      "Uploads the job's jar to Flink, starts the job without state, and waits until all its tasks"
          + " run.",
      "What follows -- are the job's own settings; secrets are read from the environment of the"
          + " Flink processes, never from here."
    },
    footer = {
      "%nExample:",
      "  trafficctl submit --flink http://jobmanager:8081 --parallelism 4 -- \\",
      "      --kafka-url broker:9092 --kafka-topic web-traffic --kafka-group traffic \\",
      "      --postgres-url jdbc:postgresql://db:5432/traffic --postgres-user traffic"
    })
public final class SubmitCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin TimeoutOption timeout;
  @Mixin Confirmation confirmation;
  @Mixin FormatOption output;
  @Mixin SlotsOption slots;

  @Option(names = "--plan", description = "Show what would be done, and change nothing.")
  boolean plan;

  @Option(
      names = "--detach",
      description = "Return as soon as Flink has the job, and do not wait until its tasks run.")
  boolean detach;

  @Option(
      names = "--jar",
      paramLabel = "FILE",
      description = "The job's jar; default: the one that comes with this program.")
  Path jar;

  @Option(
      names = "--parallelism",
      converter = ParallelismConverter.class,
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
  public Integer call() {
    List<String> arguments = new ArrayList<>(settings);
    if (filterFile != null) {
      arguments.add("--filter");
      arguments.add(read(filterFile));
    }
    check(arguments);
    Path file = jar == null ? JobJar.of(environment.installation()) : JobJar.check(jar);
    SubmitRequest request =
        new SubmitRequest(file, parallelism, arguments, detach, slots.allowed());
    Cluster on = cluster.cluster();
    return new ChangeRun(
            environment, confirmation, new SubmitView(environment, output.format(), on), plan)
        .run(on, timeout.timeout(), session -> new Submit(session).change(request));
  }

  /** The job says the same of them, but only when its jar is uploaded and its main() runs. */
  private static void check(List<String> arguments) {
    try {
      Settings.checkGiven(arguments);
    } catch (SettingsException e) {
      throw new CommandException(ExitCode.USAGE, e.getMessage(), e);
    }
  }

  private static String read(Path file) {
    // A pipe is only opened once somebody writes, and may have no end.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new CommandException(
          ExitCode.FAILED,
          file
              + " is a directory, a pipe or a device, not a file; write the filter rules into a"
              + " file, and give that with --filter-file");
    }
    // A wrong file may be of any size.
    try (InputStream in = Files.newInputStream(file)) {
      byte[] text = in.readNBytes(FilterRules.LARGEST_DOCUMENT + 1);
      if (text.length > FilterRules.LARGEST_DOCUMENT) {
        throw new CommandException(
            ExitCode.FAILED,
            "%s has more than %s bytes, which filter rules cannot have; check --filter-file"
                .formatted(file, Text.number(FilterRules.LARGEST_DOCUMENT)));
      }
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED, "cannot read " + file + " as UTF-8 text; check --filter-file", e);
    }
  }
}
