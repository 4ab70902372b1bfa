package dev.trafficctl.cli.demo;

import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.JobCounters;
import dev.trafficctl.cli.flink.JobDetails;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.journal.Author;
import dev.trafficctl.cli.kafka.KafkaConnection;
import dev.trafficctl.cli.kafka.KafkaTopics;
import dev.trafficctl.cli.kafka.TrafficSource;
import dev.trafficctl.cli.operation.start.Submission;
import dev.trafficctl.cli.output.Progress;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.postgres.EventTables;
import dev.trafficctl.cli.postgres.OffsetRanges;
import dev.trafficctl.cli.postgres.RowCounts;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Deadline;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.cli.process.Sleeper;
import dev.trafficctl.local.StackStatus;
import dev.trafficctl.local.traffic.AccessLog;
import dev.trafficctl.local.traffic.SendOptions;
import dev.trafficctl.local.traffic.SendReport;
import dev.trafficctl.local.traffic.TrafficEvent;
import dev.trafficctl.local.traffic.TrafficSender;
import dev.trafficctl.model.Setting;
import dev.trafficctl.model.StartingPosition;
import dev.trafficctl.model.TableNames;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Sends events to the local Kafka, lets the job drain them into the local Postgres, and counts them
 * at all three places.
 *
 * <p>All events wait in Kafka before the job is submitted, so that the time to drain them says
 * something. The job starts at the offsets that the topic had before, and only rows of offsets from
 * there on are counted, so that what an earlier demonstration left behind does not matter.
 */
public final class Demo {
  private static final int PARTITIONS = 4;
  private static final int SAMPLE = 5;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
  // Longer than two checkpoints, at which the last rows are written at the latest.
  private static final Duration STANDSTILL = Duration.ofSeconds(45);

  private static final RowCounts NO_ROWS =
      new RowCounts(new TreeMap<>(), 0, new TreeMap<>(), new TreeMap<>());

  private final StackStatus.Addresses at;
  private final FlinkClient flink;
  private final NextCommands next;
  private final Clock clock;
  private final Sleeper sleeper;
  private final Progress progress;

  /**
   * With a stack that is up.
   *
   * @param next what is typed next about it
   */
  public Demo(
      StackStatus.Addresses at,
      NextCommands next,
      Clock clock,
      Sleeper sleeper,
      Progress progress) {
    this.at = at;
    this.flink = FlinkClient.at(at.flink(), next);
    this.next = next;
    this.clock = clock;
    this.sleeper = sleeper;
    this.progress = progress;
  }

  /**
   * Runs it. The job runs on afterwards.
   *
   * @throws CommandException when a step fails, or the job fails in between
   */
  public DemoResult run(DemoOptions options) {
    KafkaConnection connection =
        KafkaConnection.of(Destination.named(at.kafka(), at.environment()), at.kafkaClient(), next);
    try (EventTables tables =
            EventTables.connect(
                Destination.named(at.postgres(), at.environment()),
                at.postgresUser(),
                TableNames.DEFAULT,
                next);
        KafkaTopics topics = new KafkaTopics(connection)) {
      requireSlots(options.parallelism());
      createTables();
      cancelEarlierJobs();
      String topic = options.topic();
      if (topics.create(topic, PARTITIONS)) {
        progress.step("made topic " + topic + " with " + PARTITIONS + " partitions");
      }
      SortedMap<Integer, Long> start = topics.endOffsets(topic);
      send(options, connection);
      OffsetRanges sent = new OffsetRanges(start, topics.endOffsets(topic));
      JobRun job = submit(options, start);
      short source = awaitSource(job, tables, topics.id(topic));
      Books books = awaitDrained(job, tables, source, sent);
      return result(job, topic, source, books, tables);
    }
  }

  private void createTables() {
    StackStatus.Addresses owner = at.asOwner();
    try (EventTables tables =
        EventTables.connect(
            Destination.named(owner.postgres(), owner.environment()),
            owner.postgresUser(),
            TableNames.DEFAULT,
            next)) {
      tables.create(at.postgresUser());
    }
  }

  private void requireSlots(int parallelism) {
    int slots = flink.overview().slots();
    if (slots < parallelism) {
      throw new CommandException(
          ExitCode.FAILED,
          "parallelism %d needs as many slots, but the TaskManagers have %d; add some with --taskmanagers"
              .formatted(parallelism, slots));
    }
  }

  private void cancelEarlierJobs() {
    String name = Setting.JOB_NAME.defaultValue().orElseThrow();
    for (JobSummary job : flink.jobs()) {
      if (job.name().equals(name) && !job.ended()) {
        progress.step("cancelling the job that runs from before, " + job.id());
        new JobRun(flink, job.id(), next).cancel(clock, sleeper);
      }
    }
  }

  private void send(DemoOptions options, KafkaConnection connection) {
    SendOptions limit =
        options.count() == null
            ? SendOptions.everything()
            : SendOptions.everything().withCount(options.count());
    if (options.file() == null) {
      send(
          TrafficSource.lastDay(clock, options.count(), options.mix()),
          limit,
          options.topic(),
          connection);
      return;
    }
    try (AccessLog log = TrafficSource.file(options.file(), TrafficSource.DEFAULT_HOST, clock)) {
      send(log, limit, options.topic(), connection);
    }
  }

  private void send(
      Iterator<TrafficEvent> events, SendOptions limit, String topic, KafkaConnection connection) {
    try (TrafficSender sender = TrafficSender.connect(connection.properties(), topic)) {
      SendReport report =
          sender.send(
              events,
              limit,
              soFar -> progress.update("sent " + Text.number(soFar.sent()) + " events"));
      progress.step(
          "sent %s events to %s in %.1f s"
              .formatted(
                  Text.number(report.counts().sent()), topic, report.duration().toMillis() / 1e3));
    }
  }

  private JobRun submit(DemoOptions options, SortedMap<Integer, Long> start) {
    List<String> arguments = new ArrayList<>();
    add(arguments, Setting.KAFKA_URL, at.kafka());
    add(arguments, Setting.KAFKA_TOPIC, options.topic());
    add(arguments, Setting.KAFKA_GROUP, "trafficctl-demo");
    add(arguments, Setting.STARTING_OFFSETS, new StartingPosition.Offsets(start).text());
    add(arguments, Setting.POSTGRES_URL, at.postgres());
    add(arguments, Setting.POSTGRES_USER, at.postgresUser());
    at.kafkaClient()
        .forEach(
            (name, value) -> arguments.addAll(List.of("--" + Setting.KAFKA_PREFIX + name, value)));
    JobId id =
        new Submission(flink, next, Author.current().toString(), clock, sleeper)
            .submit(
                options.jar(),
                Setting.JOB_NAME.defaultValue().orElseThrow(),
                options.parallelism(),
                arguments);
    progress.step("submitted the job " + id + " with parallelism " + options.parallelism());
    return new JobRun(flink, id, next);
  }

  private static void add(List<String> arguments, Setting setting, String value) {
    arguments.add("--" + setting.argument());
    arguments.add(value);
  }

  /** The job registers its source before it writes the first row. */
  private short awaitSource(JobRun job, EventTables tables, UUID topicId) {
    return standstill()
        .until(() -> tables.source(topicId), Optional::isPresent, none -> job.look())
        .orElseThrow(
            () -> {
              JobDetails details = job.look();
              return new CommandException(
                  ExitCode.FAILED,
                  "the job %s is %s, but has not begun to read after %d s; see: %s"
                      .formatted(
                          details.id(),
                          details.state(),
                          STANDSTILL.toSeconds(),
                          job.logs("jobmanager")));
            });
  }

  private Deadline standstill() {
    return new Deadline(clock, sleeper, STANDSTILL, BETWEEN_LOOKS);
  }

  private Books awaitDrained(JobRun job, EventTables tables, short source, OffsetRanges sent) {
    Deadline standstill = standstill();
    Books before = null;
    while (true) {
      JobDetails details = job.look();
      JobCounters counters = flink.metrics().counters(details);
      tell(counters, before, sent.size());
      // Counting rows takes time from the job, so that is left until it has read everything.
      boolean allRead = counters.read() >= sent.size();
      RowCounts rows = allRead ? tables.count(source, sent) : NO_ROWS;
      Books books = new Books(sent, rows, counters);
      if (books.complete() && books.differences().isEmpty()) {
        progress.done();
        return books;
      }
      if (!books.equals(before)) {
        standstill = standstill();
      } else if (standstill.isOver()) {
        progress.done();
        return new Books(sent, tables.count(source, sent), counters);
      }
      before = books;
      standstill.pause();
    }
  }

  private void tell(JobCounters now, Books before, long total) {
    long step = before == null ? now.read() : now.read() - before.job().read();
    progress.update(
        "read %s of %s, %s/s, lag %s"
            .formatted(
                Text.number(now.read()),
                Text.number(total),
                Text.number(step * 1000 / BETWEEN_LOOKS.toMillis()),
                Text.number(Math.max(0, total - now.read()))));
  }

  private DemoResult result(
      JobRun job, String topic, short source, Books books, EventTables tables) {
    JobDetails details = job.look();
    Optional<Instant> began = job.runningSince(details);
    Optional<Instant> ended = tables.lastCommit(source, books.kafka());
    Double seconds = seconds(began, ended);
    Double secondHalf = seconds(tables.halfCommitted(source, books.kafka()), ended);
    SortedMap<String, Long> filtered = new TreeMap<>(books.job().filtered());
    filtered.values().removeIf(count -> count == 0);
    return new DemoResult(
        details.id().text(),
        topic,
        source,
        books.kafka().size(),
        books.postgres().allWritten(),
        filtered,
        books.postgres().rejectedByReason(),
        books.postgres().late(),
        seconds,
        rate(books.kafka().size(), seconds),
        rate(books.kafka().size() / 2.0, secondHalf),
        books.differences(),
        tables.sample(source, books.kafka(), SAMPLE));
  }

  private static Double seconds(Optional<Instant> from, Optional<Instant> to) {
    return from.isPresent() && to.isPresent()
        ? Duration.between(from.get(), to.get()).toMillis() / 1e3
        : null;
  }

  private static Long rate(double events, Double seconds) {
    return seconds == null || seconds <= 0 ? null : Math.round(events / seconds);
  }
}
