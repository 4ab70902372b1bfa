package dev.trafficctl.cli.command.offsets;

import dev.trafficctl.cli.command.next.ShellCommand;
import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.command.option.InstantConverter;
import dev.trafficctl.cli.command.option.JobOption;
import dev.trafficctl.cli.command.option.StatePathConverter;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.kafka.EventLog;
import dev.trafficctl.cli.kafka.JobTopic;
import dev.trafficctl.cli.kafka.KafkaConnection;
import dev.trafficctl.cli.kafka.OffsetLookup;
import dev.trafficctl.cli.kafka.TopicOffsets;
import dev.trafficctl.cli.operation.catalogue.KnownJob;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.PluginFileSystems;
import dev.trafficctl.cli.state.SavepointInspector;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.cli.state.StatePath;
import dev.trafficctl.cli.state.StateReader;
import dev.trafficctl.model.Settings;
import java.time.Instant;
import java.util.SortedMap;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl offsets}. */
@Command(
    name = "offsets",
    description = {
      "Shows what a place in time, or a savepoint, means for each partition: the offset, the event"
          + " there, how many events there are from it to the end, and how long until retention"
          + " deletes it.",
      "The topic is that which the job reads. Counts of events are upper bounds: they count the"
          + " offsets from the first event on, and transactions and compaction leave offsets"
          + " without an event."
    },
    footer = {
      "%nExamples:",
      "  trafficctl offsets --at -2h",
      "  trafficctl offsets --at 2026-01-31T12:00:00Z --topic web-traffic",
      "  trafficctl offsets --savepoint /srv/flink/savepoints/savepoint-0a1b2c-1234567890ab"
    })
public final class OffsetsCommand implements Runnable {
  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin JobOption job;
  @Mixin FormatOption output;

  @ArgGroup(exclusive = true, multiplicity = "1")
  Place place;

  @Option(names = "--topic", paramLabel = "TOPIC", description = "Another topic than the job's.")
  String topic;

  /** Which offsets are meant. */
  static final class Place {
    @Option(
        names = "--at",
        paramLabel = "TIME",
        converter = AtConverter.class,
        description =
            "The first event with this Kafka timestamp or a later one: ISO-8601 with a zone, epoch"
                + " milliseconds, or a time before now such as -2h or -10m.")
    Instant at;

    @Option(names = "--earliest", description = "The first event that Kafka still has.")
    boolean earliest;

    @Option(names = "--latest", description = "The end.")
    boolean latest;

    @Option(
        names = "--savepoint",
        paramLabel = "PATH",
        converter = StatePathConverter.class,
        description = "Where a savepoint or checkpoint goes on.")
    StatePath savepoint;
  }

  /** Reads the time. */
  static final class AtConverter extends InstantConverter {
    AtConverter(Environment environment) {
      super(environment, "for the first event give --earliest instead");
    }
  }

  OffsetsCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    StateFile file = place.savepoint == null ? null : read();
    JobTopic read = file == null ? topic() : topic(file);
    try (EventLog log = read.open()) {
      TopicOffsets offsets = offsets(log, file, read);
      offsets
          .notes()
          .forEach(note -> environment.err().println("trafficctl: note: " + Text.safe(note)));
      OffsetsView.print(read, offsets, output.format(), environment.out());
    }
  }

  private TopicOffsets offsets(EventLog log, StateFile file, JobTopic read) {
    OffsetLookup lookup =
        new OffsetLookup(log, read.name(), environment.clock(), environment.next());
    if (place.at != null) {
      return lookup.from(place.at);
    }
    if (file == null) {
      return place.earliest ? lookup.earliest() : lookup.latest();
    }
    String id = log.id();
    if (file.topicId() != null && !file.topicId().equals(id)) {
      throw new CommandException(
          ExitCode.REFUSED,
          "the state is of a topic with the id "
              + file.topicId()
              + ", and topic "
              + read.name()
              + " in Kafka at "
              + read.servers()
              + " has the id "
              + id
              + ": its offsets say nothing of this topic");
    }
    SortedMap<Integer, Long> next = file.next(read.name());
    if (next.isEmpty()) {
      throw new CommandException(
          ExitCode.REFUSED,
          place.savepoint + " holds no offsets of the topic " + read.name() + "; check --topic");
    }
    return lookup.restored(next);
  }

  private StateFile read() {
    StateReader reader =
        new StateReader(PluginFileSystems.of(environment.variables(), environment.installation()));
    StateFile file = SavepointInspector.read(reader, place.savepoint.text());
    boolean hasSplits = file.splits() != null && !file.splits().isEmpty();
    if (file.nextOffsets().isEmpty() && !hasSplits) {
      throw new CommandException(
          ExitCode.REFUSED,
          place.savepoint
              + " holds no offsets of Kafka that are known here; is it the state of another job?"
              + " see: "
              + new ShellCommand("savepoint", "inspect", place.savepoint.text()));
    }
    return file;
  }

  private JobTopic topic(StateFile file) {
    JobTopic found = new StateTopic(cluster, environment).of(file);
    return topic == null ? found : new JobTopic(topic, found.connection());
  }

  private JobTopic topic() {
    Cluster on = cluster.cluster();
    if (topic != null && on.kafkaUrl() != null) {
      return new JobTopic(topic, KafkaConnection.of(on));
    }
    Settings settings =
        KnownJob.get(on, Journal.of(environment), job.wanted(on))
            .settings("give --topic TOPIC and --kafka-url HOST:PORT");
    JobTopic found = JobTopic.of(settings, on);
    return topic == null ? found : new JobTopic(topic, found.connection());
  }
}
