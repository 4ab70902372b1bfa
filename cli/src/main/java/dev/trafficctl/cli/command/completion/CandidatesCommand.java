package dev.trafficctl.cli.command.completion;

import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.context.Configuration;
import dev.trafficctl.cli.context.ConfigurationFile;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.Environment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code trafficctl __complete}: what the completion scripts ask. It prints a candidate a line, and
 * has no words for a failure: somebody is typing.
 */
@Command(
    name = "__complete",
    hidden = true,
    description = "Prints names for the completion of a command line.",
    footer = {
      "%nExample:",
      "  trafficctl __complete jobs -- status --flink http://jobmanager:8081"
    })
public final class CandidatesCommand implements Runnable {
  private static final long PATIENCE_MILLIS = 1_000;

  private final Environment environment;
  @Spec CommandSpec command;

  @Parameters(index = "0", paramLabel = "jobs|contexts|operations", description = "Whose names.")
  String kind;

  @Parameters(index = "1..*", paramLabel = "WORD", description = "The words typed so far.")
  List<String> line = new ArrayList<>();

  CandidatesCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    CompletableFuture<List<String>> names = CompletableFuture.supplyAsync(this::names);
    try {
      names.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS).stream()
          .filter(name -> !name.isBlank() && name.equals(Text.safe(name)))
          .distinct()
          .sorted()
          .forEach(name -> environment.out().println(name));
    } catch (ExecutionException | TimeoutException e) {
      // Nothing is offered then.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> names() {
    return switch (kind) {
      case "jobs" -> cluster().cluster().flink().jobs().stream().map(JobSummary::name).toList();
      case "contexts" -> contexts();
      case "operations" -> operations();
      default -> List.of();
    };
  }

  private List<String> contexts() {
    List<String> names =
        new ArrayList<>(
            ConfigurationFile.in(environment.variables(), environment.next())
                .read()
                .contexts()
                .keySet());
    names.add(Configuration.LOCAL);
    return names;
  }

  private List<String> operations() {
    return Journal.of(environment).list().operations().stream().map(Operation::id).toList();
  }

  private ClusterOption cluster() {
    Line typed = new Line();
    typed.cluster = new ClusterOption(environment);
    new CommandLine(typed, command.commandLine().getFactory())
        .setUnmatchedArgumentsAllowed(true)
        .parseArgs(line.toArray(new String[0]));
    return typed.cluster;
  }

  /** Any command line, of which only those options count that say which cluster is meant. */
  @Command
  private static final class Line {
    @Mixin ClusterOption cluster;
  }
}
