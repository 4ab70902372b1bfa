package dev.trafficctl.cli.command.local;

import dev.trafficctl.cli.command.next.ShellCommand;
import dev.trafficctl.cli.command.option.IntegerConverter;
import dev.trafficctl.cli.command.option.Interruption;
import dev.trafficctl.cli.command.option.LongConverter;
import dev.trafficctl.cli.command.option.RateConverter;
import dev.trafficctl.cli.command.option.StackOption;
import dev.trafficctl.cli.command.option.TopicOption;
import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.kafka.KafkaConnection;
import dev.trafficctl.cli.kafka.KafkaTopics;
import dev.trafficctl.cli.kafka.TrafficSource;
import dev.trafficctl.cli.output.Progress;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.Changed;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.local.StackStatus;
import dev.trafficctl.local.traffic.AccessLog;
import dev.trafficctl.local.traffic.PartlySentException;
import dev.trafficctl.local.traffic.SendOptions;
import dev.trafficctl.local.traffic.SendReport;
import dev.trafficctl.local.traffic.TrafficEvent;
import dev.trafficctl.local.traffic.TrafficSender;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl local traffic}. */
@Command(
    name = "traffic",
    description = {
      "Sends events to the local Kafka: made-up ones, or those of a file.",
      "Without --count made-up events go on until Ctrl-C, 100 a second unless --rate says"
          + " otherwise. With --count alone they are of the last 24 hours and sent as fast as"
          + " Kafka takes them."
    },
    footer = {
      "%nExamples:",
      "  trafficctl local traffic --rate 500 --bad 1 --late 2",
      "  trafficctl local traffic --file access.log.gz --now"
    })
public final class LocalTrafficCommand implements Runnable {
  private static final double LIVE_RATE = 100;

  private final Environment environment;
  @Mixin StackOption stack;
  @Mixin MixOptions mix;
  @Mixin TopicOption topic;

  @Option(
      names = "--rate",
      paramLabel = "N",
      converter = RateConverter.class,
      description = "Events a second, at most.")
  Double rate;

  @Option(
      names = "--count",
      paramLabel = "N",
      converter = LongConverter.AtLeastZero.class,
      description = "How many events, at most.")
  Long count;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = {
        "An access log in the combined or common format, or JSON lines; plain, gzip, zstd, xz or"
            + " bzip2. - is the standard input."
      })
  Path file;

  @Option(
      names = "--now",
      description = "Move the file's events in time, so that the newest happens now.")
  boolean now;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description =
          "The host of an access log's lines that do not name one. Default: "
              + TrafficSource.DEFAULT_HOST
              + ".")
  String host;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      converter = IntegerConverter.Partitions.class,
      defaultValue = "4",
      description = "How many partitions a new topic gets. Default: ${DEFAULT-VALUE}.")
  int partitions;

  LocalTrafficCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    SendOptions options = sendOptions();
    StackStatus.Addresses at = stack.addresses();
    KafkaConnection connection =
        KafkaConnection.of(
            Destination.named(at.kafka(), at.environment()), at.kafkaClient(), environment.next());
    Interruption.endsOrderly(() -> print(send(options, connection)));
  }

  private SendReport send(SendOptions options, KafkaConnection connection) {
    if (file == null) {
      return send(madeUp(), options, connection);
    }
    try (AccessLog log = events()) {
      try {
        return send(log, options, connection);
      } finally {
        log.note().ifPresent(note -> environment.err().println("note: " + Text.safe(note)));
      }
    } catch (PartlySentException e) {
      throw new CommandException(
          ExitCode.PARTLY_DONE, e.getMessage() + "\n" + rest(e.handedOver()), e);
    }
  }

  /** How to go on behind the lines that Kafka has; each line of a file is one event. */
  private String rest(long sent) {
    if (count != null && count <= sent) {
      return "no event is left to send";
    }
    ShellCommand traffic = new ShellCommand("local", "traffic").add(stack.flags());
    if (!topic.name().equals(TopicOption.DEFAULT)) {
      traffic.add("--topic", topic.name());
    }
    if (host != null) {
      traffic.add("--host", host);
    }
    if (count != null) {
      traffic.add("--count", Long.toString(count - sent));
    }
    if (now) {
      traffic.add("--now");
    }
    return "sent again as a whole, it would be there twice: go on behind line %d of the unpacked file: tail -n +%d FILE > REST && %s --file REST"
        .formatted(sent, sent + 1, traffic);
  }

  private void print(SendReport report) {
    environment.out().tellsOfChange(new Changed(ExitCode.DONE, List.of(sent(report)), null));
    new Table("TOPIC", "SENT", "BAD", "LATE", "EVENTS/S")
        .row(
            topic.name(),
            report.counts().sent(),
            report.counts().bad(),
            report.counts().late(),
            perSecond(report))
        .print(environment.out());
    environment.out().flush();
  }

  private static String sent(SendReport report) {
    return Text.number(report.counts().sent()) + " events were sent";
  }

  private SendOptions sendOptions() {
    if (file == null) {
      if (now) {
        throw new CommandException(ExitCode.USAGE, "--now moves the events of a file; give --file");
      }
      if (host != null) {
        throw new CommandException(
            ExitCode.USAGE, "--host is for the lines of an access log; give --file");
      }
    } else {
      mix.refuseForFile();
    }
    if (now && AccessLog.isReadOnce(file)) {
      throw new CommandException(
          ExitCode.USAGE, "--now reads the file twice, and a pipe only once; write it to a file");
    }
    SendOptions options = SendOptions.everything();
    if (count != null) {
      options = options.withCount(count);
    }
    if (rate != null) {
      return options.withRate(rate);
    }
    return count == null && file == null ? options.withRate(LIVE_RATE) : options;
  }

  private String host() {
    return host == null ? TrafficSource.DEFAULT_HOST : host;
  }

  private AccessLog events() {
    return now
        ? TrafficSource.fileMovedToNow(file, host(), environment.clock())
        : TrafficSource.file(file, host(), environment.clock());
  }

  private Iterator<TrafficEvent> madeUp() {
    return count != null && rate == null
        ? TrafficSource.lastDay(environment.clock(), count, mix.mix())
        : TrafficSource.live(environment.clock(), mix.mix());
  }

  private SendReport send(
      Iterator<TrafficEvent> events, SendOptions options, KafkaConnection connection) {
    Progress progress = new Progress(environment.err(), environment.terminal());
    try (KafkaTopics topics = new KafkaTopics(connection)) {
      if (topics.create(topic.name(), partitions)) {
        progress.step("made topic " + topic.name() + " with " + partitions + " partitions");
      }
    }
    try (TrafficSender sender = TrafficSender.connect(connection.properties(), topic.name())) {
      SendReport report =
          sender.send(
              events,
              options,
              soFar ->
                  progress.update(
                      "sent %s events, %s/s"
                          .formatted(
                              Text.number(soFar.sent()),
                              Text.number(Math.round(soFar.perSecond())))));
      progress.done();
      return report;
    }
  }

  private static Long perSecond(SendReport report) {
    double seconds = report.duration().toNanos() / 1e9;
    return seconds > 0 ? Math.round(report.counts().sent() / seconds) : null;
  }
}
