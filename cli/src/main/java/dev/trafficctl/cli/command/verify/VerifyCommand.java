package dev.trafficctl.cli.command.verify;

import dev.trafficctl.cli.command.next.ShellCommand;
import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.command.option.DatabaseView;
import dev.trafficctl.cli.command.option.FormatOption;
import dev.trafficctl.cli.command.option.IntegerConverter;
import dev.trafficctl.cli.command.option.JobOption;
import dev.trafficctl.cli.command.option.OtherDatabaseOption;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.kafka.JobTopic;
import dev.trafficctl.cli.kafka.TopicLog;
import dev.trafficctl.cli.operation.catalogue.KnownJob;
import dev.trafficctl.cli.operation.catalogue.OwnDatabase;
import dev.trafficctl.cli.output.Progress;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.postgres.EventTables;
import dev.trafficctl.cli.postgres.JobDatabase;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.cli.verify.Scope;
import dev.trafficctl.cli.verify.ScopeFinder;
import dev.trafficctl.cli.verify.Verify;
import dev.trafficctl.cli.verify.VerifyResult;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.StartingPosition;
import dev.trafficctl.model.Tables;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl verify}. */
@Command(
    name = "verify",
    description = {
      "Reads what a job has read from Kafka again, with the same parser and filter, and compares it"
          + " with Postgres: rows that are missing, that should not be there, that are there twice,"
          + " that have other values.",
      "Exits 0 only if read = written + filtered + rejected and every row is equal; 3 if not; 4 if"
          + " the database is not the one that the job writes to; 6 if it could not be finished. It"
          + " changes nothing, and the job may run."
    },
    footer = {
      "%nExamples:",
      "  trafficctl verify",
      "  trafficctl verify traffic --from -2h --limit 100 -o json",
      "  trafficctl verify --from 0=1200,1=980 --to latest"
    })
public final class VerifyCommand implements Callable<Integer> {
  private static final int MOST_THREADS = 8;

  private final Environment environment;
  @Mixin ClusterOption cluster;
  @Mixin JobOption job;
  @Mixin OtherDatabaseOption other;
  @Mixin FormatOption output;

  @Option(
      names = "--from",
      paramLabel = "TIME|P=O,...|earliest",
      converter = PlaceConverter.From.class,
      description =
          "Check from here on: the first event of each partition with this Kafka timestamp or a"
              + " later one (ISO-8601 with a zone, epoch milliseconds, or a time before now such as"
              + " -2h), one offset for each partition, or the first event. Default: where the job"
              + " began to read, or the first event.")
  StartingPosition from;

  @Option(
      names = "--to",
      paramLabel = "TIME|P=O,...|latest",
      converter = PlaceConverter.To.class,
      description =
          "Check up to here, in the same forms. Default: what the job's newest checkpoint or"
              + " savepoint has read, else what its group has committed.")
  StartingPosition to;

  @Option(
      names = "--limit",
      paramLabel = "N",
      converter = IntegerConverter.AtLeastZero.class,
      defaultValue = "10",
      description = "How many differences are shown; all are counted. Default: ${DEFAULT-VALUE}.")
  int limit;

  VerifyCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Cluster on = cluster.cluster();
    KnownJob known = KnownJob.get(on, Journal.of(environment), job.wanted(on));
    Settings settings = known.settings("see: " + ShellCommand.on(on, "jobs", "--all"));
    JobTopic topic = JobTopic.of(settings, on);
    Scope scope;
    try (TopicLog log = topic.open()) {
      ScopeFinder.Known flushed = flushed(known, settings, log, to != null);
      scope =
          new ScopeFinder(log, topic.name(), ShellCommand.on(on, "lag", known.name()))
              .find(from, to, start(known), flushed);
    }
    JobDatabase database = JobDatabase.of(settings, on);
    OwnDatabase own;
    try (EventTables tables = database.connect()) {
      own =
          other.check(
              "comparing " + topic + " with",
              known,
              settings,
              database,
              tables,
              url -> ShellCommand.at(on, url, "verify", known.name()));
    }
    Progress progress = new Progress(environment.err(), environment.terminal());
    VerifyResult result =
        new Verify(topic.connection(), database, settings, environment.clock(), progress)
            .run(scope, limit, threads());
    VerifyView.print(result, DatabaseView.of(own), output.format(), environment.out());
    noteRejected(result, settings.tables().rejected(), on, known.name());
    noteJudgedOtherwise(result, on, known.name());
    return tell(result);
  }

  private static int threads() {
    return Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
  }

  private static ScopeFinder.Known start(KnownJob known) {
    return known
        .startingOffsets()
        .map(offsets -> new ScopeFinder.Known(offsets, "where the job began to read", true))
        .orElse(null);
  }

  private ScopeFinder.Known flushed(
      KnownJob known, Settings settings, TopicLog log, boolean endGiven) {
    String group = settings.kafkaGroup();
    StateFile state = known.newestState().orElse(null);
    if (state != null && log.id().equals(state.topicId())) {
      return new ScopeFinder.Known(
          state.next(settings.kafkaTopic()),
          (state.savepoint() ? "the savepoint " : "the checkpoint ") + state.path(),
          true);
    }
    try {
      SortedMap<Integer, Long> committed = log.committed(group);
      if (committed.isEmpty() && state != null && state.topicId() != null && !endGiven) {
        throw notTheTopic(state, settings, log.id());
      }
      return committed.isEmpty()
          ? null
          : new ScopeFinder.Known(committed, "what group " + group + " has committed", false);
    } catch (CommandException e) {
      if (!endGiven || e.exitCode() == ExitCode.UNREACHABLE) {
        throw e;
      }
      environment
          .err()
          .println(
              "note: how far the job has written is not known ("
                  + Text.safe(e.getMessage())
                  + "); rows at the end may still be on their way");
      return null;
    }
  }

  private static CommandException notTheTopic(StateFile state, Settings settings, String id) {
    return new CommandException(
        ExitCode.REFUSED,
        "the topic %s has the id %s, and the newest state of the job, %s, was made while it had the id %s: it was made anew and not read since, or this is another Kafka than the job's: check --kafka-url and the context"
            .formatted(settings.kafkaTopic(), id, state.path(), state.topicId()));
  }

  /** They are no difference, but are not where their readers look for them either. */
  private void noteRejected(VerifyResult result, String table, Cluster on, String job) {
    long rejected = result.total().rejected();
    long refused = result.total().refused();
    if (rejected > 0) {
      environment
          .err()
          .println(
              "note: %s in %s; see: %s"
                  .formatted(
                      rows(rejected),
                      Text.safe(table),
                      ShellCommand.on(on, "rejected", "list", job)));
    }
    if (refused > 0) {
      environment
          .err()
          .println(
              "note: of these, Postgres has refused %s that the job would write; once the table is mended: %s"
                  .formatted(
                      Text.number(refused),
                      ShellCommand.on(
                          on, "rejected", "retry", job, "--reason", Tables.REFUSED_BY_POSTGRES)));
    }
  }

  /** A new version and new settings judge what is rejected already otherwise. */
  private void noteJudgedOtherwise(VerifyResult result, Cluster on, String job) {
    result
        .judgedOtherwise()
        .forEach(
            (reason, count) ->
                environment
                    .err()
                    .println(
                        "note: %s rejected as %s by a job of another version or with other settings, and judged otherwise by this one; what puts them where they belong: %s"
                            .formatted(
                                count == 1 ? "1 row was" : Text.number(count) + " rows were",
                                reason,
                                ShellCommand.on(
                                    on, "rejected", "retry", job, "--reason", reason))));
  }

  private static String rows(long count) {
    return count == 1 ? "1 row is" : Text.number(count) + " rows are";
  }

  private int tell(VerifyResult result) {
    result.notes().forEach(note -> environment.err().println("note: " + Text.safe(note)));
    if (!result.finished()) {
      environment.err().println("trafficctl: not finished: " + Text.safe(result.problem()));
    }
    if (!result.holds()) {
      environment.err().println("trafficctl: " + VerifyView.failure(result));
      return ExitCode.CHECK_FAILED.number();
    }
    return (result.finished() ? ExitCode.DONE : ExitCode.OUTCOME_UNKNOWN).number();
  }
}
