package dev.trafficctl.cli.command.change;

import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.Changed;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How an operation ended, as it is shown: words on stderr, what a program needs on stdout. */
public record ResultView(
    String operation,
    String verb,
    String job,
    String jobId,
    String outcome,
    int exitCode,
    boolean open,
    Long checkpoint,
    String path,
    String message) {

  /** The same as a document. */
  public static ResultView of(Result result) {
    return new ResultView(
        result.operation(),
        result.verb(),
        result.job(),
        result.jobId() == null ? null : result.jobId().text(),
        word(result.outcome()),
        result.outcome().number(),
        result.open(),
        result.checkpoint(),
        result.path(),
        result.message());
  }

  /** What is printed from here on tells of an operation. */
  public static void tellsOfChange(Result result, Environment environment) {
    environment
        .out()
        .tellsOfChange(
            new Changed(
                result.outcome(),
                facts(result),
                "trafficctl operations show " + result.operation()));
  }

  /** What became of it, for those who may see nothing else of it. */
  public static List<String> facts(Result result) {
    List<String> facts = new ArrayList<>();
    facts.add(result.message());
    if (result.jobId() != null) {
      facts.add("the job: " + Text.safe(result.job()) + " (" + result.jobId() + ")");
    }
    if (result.checkpoint() != null) {
      facts.add("the checkpoint: " + result.checkpoint());
    }
    if (result.path() != null) {
      facts.add("the path: " + result.path());
    }
    return facts;
  }

  /** The word for an outcome in data, such as {@code partly_done}. */
  public static String word(ExitCode outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Prints it: the path alone on stdout, or all of it as JSON or YAML, and what it means on stderr.
   */
  public static void print(Result result, Format format, Environment environment) {
    tell(result, environment);
    if (format != Format.TABLE) {
      Document.print(of(result), format, environment.out());
    } else if (result.checkpoint() != null) {
      new Table("CHECKPOINT", "PATH")
          .row(result.checkpoint().toString(), result.path())
          .print(environment.out());
    } else if (result.path() != null) {
      environment.out().println(Text.safe(result.path()));
    } else if (result.open() && result.outcome() == ExitCode.DONE) {
      environment.out().println(result.operation());
    }
    environment.out().flush();
  }

  /** Says what became of it. */
  public static void tell(Result result, Environment environment) {
    tellsOfChange(result, environment);
    String prefix = result.outcome() == ExitCode.DONE ? "" : "trafficctl: ";
    result.message().lines().forEach(line -> environment.err().println(prefix + Text.safe(line)));
    environment.err().flush();
  }
}
