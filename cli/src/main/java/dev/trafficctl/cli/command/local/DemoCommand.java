package dev.trafficctl.cli.command.local;

import dev.trafficctl.cli.command.next.ShellCommand;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.command.option.Interruption;
import dev.trafficctl.cli.command.option.JobJar;
import dev.trafficctl.cli.command.option.LongConverter;
import dev.trafficctl.cli.command.option.ParallelismConverter;
import dev.trafficctl.cli.command.option.StackOption;
import dev.trafficctl.cli.command.option.TopicOption;
import dev.trafficctl.cli.demo.Demo;
import dev.trafficctl.cli.demo.DemoOptions;
import dev.trafficctl.cli.demo.DemoResult;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Progress;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.StackStatus;
import dev.trafficctl.local.traffic.PartlySentException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl demo}. */
@Command(
    name = "demo",
    description = {
      "Brings up the local stack, sends events to Kafka, starts the job, and shows what arrived in"
          + " Postgres.",
      "Exits 0 only if read = written + filtered + rejected, by Kafka's offsets, the rows in"
          + " Postgres and the job's own counters; 3 otherwise. A job named traffic that runs from"
          + " before is cancelled. The stack and the job run on, unless --down is given."
    },
    footer = {"%nExamples:", "  trafficctl demo", "  trafficctl demo --file access.log.gz --down"})
public final class DemoCommand implements Callable<Integer> {
  private static final long DEFAULT_COUNT = 200_000;

  private final Environment environment;
  @Mixin StackOption stack;
  @Mixin StackMakingOptions making;
  @Mixin MixOptions mix;
  @Mixin TopicOption topic;
  @Mixin FormatOption output;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = {
        "Send this access log (combined or common format, or JSON lines; plain, gzip, zstd, xz or"
            + " bzip2). - is the standard input."
      })
  Path file;

  @Option(
      names = "--count",
      paramLabel = "N",
      converter = LongConverter.AtLeastOne.class,
      description = "How many events, at most. Default: 200000, or all of the file.")
  Long count;

  @Option(
      names = "--parallelism",
      converter = ParallelismConverter.class,
      paramLabel = "N",
      defaultValue = "2",
      description = "The job's parallelism. Default: ${DEFAULT-VALUE}.")
  int parallelism;

  @Option(
      names = "--down",
      description = "Afterwards take the local stack down and delete all of its data.")
  boolean down;

  DemoCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    LocalStack local = stack.startable();
    DemoOptions options = options();
    Progress progress = new Progress(environment.err(), environment.terminal());
    String interrupted =
        "interrupted; what is up stays up, take it down with: trafficctl local down --wipe"
            + stack.suffix();
    DemoResult result =
        Interruption.call(() -> progress.step(interrupted), () -> run(local, options, progress));
    for (String difference : result.differences()) {
      environment.err().println("trafficctl: does not agree: " + difference);
    }
    return (result.differences().isEmpty() ? ExitCode.DONE : ExitCode.CHECK_FAILED).number();
  }

  private DemoOptions options() {
    if (file != null) {
      mix.refuseForFile();
    }
    return new DemoOptions(
        file,
        count == null && file == null ? Long.valueOf(DEFAULT_COUNT) : count,
        mix.mix(),
        parallelism,
        topic.name(),
        JobJar.of(environment.installation()));
  }

  private DemoResult run(LocalStack local, DemoOptions options, Progress progress) {
    try {
      StackStatus up = local.up(making.options(local), progress::step);
      Demo demo =
          new Demo(
              up.addresses(),
              environment.next().on(stack.flags()),
              environment.clock(),
              environment.sleeper(),
              progress);
      DemoResult result = demo.run(options);
      environment.out().tellsOfChange(stack.change());
      if (output.format() == Format.TABLE) {
        new DemoView(environment.out()).print(result, up.addresses(), stack.suffix(), !down);
      } else {
        Document.print(result, output.format(), environment.out());
      }
      environment.out().flush();
      return result;
    } catch (PartlySentException e) {
      throw new CommandException(ExitCode.PARTLY_DONE, e.getMessage() + "\n" + again(), e);
    } finally {
      progress.done();
      if (down) {
        local.down(true, progress::step);
      }
    }
  }

  private String again() {
    ShellCommand demo = new ShellCommand("demo").add(stack.flags());
    if (!topic.name().equals(TopicOption.DEFAULT)) {
      demo.add("--topic", topic.name());
    }
    if (file != null) {
      demo.add("--file", file.toString());
    }
    if (count != null) {
      demo.add("--count", Long.toString(count));
    }
    if (down) {
      demo.add("--down");
    }
    return "no job has read what was sent, and none will: a demo begins at the end of the topic; once that is mended, run it again: "
        + demo;
  }
}
