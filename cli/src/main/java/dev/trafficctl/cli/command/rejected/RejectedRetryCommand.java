package dev.trafficctl.cli.command.rejected;

import dev.trafficctl.cli.command.change.ChangeRun;
import dev.trafficctl.cli.command.change.Confirmation;
import dev.trafficctl.cli.command.next.ShellCommand;
import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.DatabaseView;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.command.option.JobOption;
import dev.trafficctl.cli.command.option.OtherDatabaseOption;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.kafka.JobTopic;
import dev.trafficctl.cli.kafka.KafkaTopics;
import dev.trafficctl.cli.operation.catalogue.KnownJob;
import dev.trafficctl.cli.operation.catalogue.OwnDatabase;
import dev.trafficctl.cli.operation.rejected.RetryRejected;
import dev.trafficctl.cli.postgres.EventTables;
import dev.trafficctl.cli.postgres.JobDatabase;
import dev.trafficctl.cli.postgres.RejectedEvents;
import dev.trafficctl.cli.postgres.RejectedSelection;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl rejected retry}. */
@Command(
    name = "retry",
    description = {
      "Sends rejected events again, through the job's own parser, filter and settings: those that"
          + " are good now go to the table of events, those that the filter drops go away, the others"
          + " stay with their reason. What becomes of an event is one transaction, so the job may"
          + " run, and it can be cut off and done again.",
      "An event comes from its row, or from Kafka where the row has only the first 1 MiB. Whether"
          + " it came late is not known any more: late is false. The user needs DELETE on"
          + " the table of rejected events, which the job's own need not have: the owner on the local"
          + " stack, else the one that --postgres-user gives."
    },
    footer = {
      "%nExamples:",
      "  trafficctl rejected retry --plan",
      "  trafficctl rejected retry traffic --reason refused_by_postgres --partition 0=1200..1300"
    })
public final class RejectedRetryCommand implements Callable<Integer> {
  /** For what another operation has left open; nothing else is asked of Flink. */
  private static final Duration FOR_FLINK = Duration.ofMinutes(1);

  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin JobOption job;
  @Mixin RejectedOptions wanted;
  @Mixin OtherDatabaseOption other;
  @Mixin Confirmation confirmation;
  @Mixin FormatOption output;

  @Option(names = "--plan", description = "Show what would be sent again, and change nothing.")
  boolean plan;

  RejectedRetryCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    RejectedSelection selection = wanted.selection();
    Cluster on = cluster.asOwner();
    KnownJob known = KnownJob.get(on, Journal.of(environment), job.wanted(on));
    Settings settings = known.settings("see: " + ShellCommand.on(on, "jobs", "--all"));
    JobTopic topic = JobTopic.of(settings, on);
    JobDatabase database = JobDatabase.of(settings, on);
    OwnDatabase own;
    short source;
    try (KafkaTopics topics = new KafkaTopics(topic.connection());
        EventTables tables = database.connect()) {
      own =
          other.check(
              "sending again from",
              known,
              settings,
              database,
              tables,
              url -> ShellCommand.at(on, url, "rejected", "retry", known.name()));
      source = source(tables, topics.id(topic.name()), topic);
    }
    try (RejectedEvents events = database.rejectedEvents()) {
      RetryView view = new RetryView(environment, output.format(), DatabaseView.of(own));
      RetryRejected.Request request =
          new RetryRejected.Request(
              known.name(),
              settings,
              topic,
              source,
              selection,
              command(on, "rejected", "retry", known.name()),
              ShellCommand.on(on, "verify", known.name()));
      return new ChangeRun(environment, confirmation, view, plan)
          .run(on, FOR_FLINK, session -> new RetryRejected(session).change(request, events, plan));
    }
  }

  private String command(Cluster on, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(wanted.flags());
    if (other.given()) {
      all.add(OwnDatabase.FLAG);
    }
    return ShellCommand.on(on, all.toArray(String[]::new));
  }

  private static short source(EventTables tables, UUID topicId, JobTopic topic) {
    return tables
        .source(topicId)
        .orElseThrow(
            () ->
                new CommandException(
                    ExitCode.REFUSED,
                    "no job has ever written there what it read of %s: the topic was made anew and not read since, or this is another Kafka than the job's; check --kafka-url and the context"
                        .formatted(topic)));
  }
}
