package dev.trafficctl.cli.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.kafka.EventLog;
import dev.trafficctl.cli.kafka.FakeEventLog;
import dev.trafficctl.cli.kafka.JobTopic;
import dev.trafficctl.cli.kafka.KafkaConnection;
import dev.trafficctl.cli.kafka.TopicRetention;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.state.OperatorMatch.Fate;
import dev.trafficctl.model.StartDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavepointInspectorTest {
  private static final StartDescription DESCRIPTION = StateFixture.DESCRIPTION;

  private final FakeEventLog log = new FakeEventLog();
  private CommandException failure;
  private String name = "web traffic";

  @TempDir Path directory;

  /** A topic that answers, or whose Kafka fails. */
  private final class Topics implements SavepointInspector.Topics {
    @Override
    public JobTopic of(StateFile file) {
      Properties connection = new Properties();
      connection.setProperty("bootstrap.servers", "broker:9092");
      return new JobTopic(name, new KafkaConnection(connection, new ShellCommands()));
    }

    @Override
    public EventLog open(JobTopic topic) {
      if (failure != null) {
        throw failure;
      }
      return log;
    }
  }

  private Inspection inspect(Path savepoint, String... uids) throws IOException {
    return new SavepointInspector(
            new StateReader(),
            new Topics(),
            Clock.fixed(FakeEventLog.NOON, ZoneOffset.UTC),
            new ShellCommands())
        .inspect(savepoint.toString(), StateFixture.jar(directory.resolve("job.jar"), uids));
  }

  private Path savepoint(Map<Integer, Long> splits, String... others) throws Exception {
    return StateFixture.savepointWithSource(
        directory.resolve("savepoint-0a1b2c-1"), DESCRIPTION, splits, others);
  }

  @Test
  void aStateWhoseEventsAreAllThereCanBeRestored() throws Exception {
    log.with(0, 0, 100).with(1, 40, 100);

    Inspection inspection = inspect(savepoint(Map.of(0, 12L, 1, 40L)), "filter", "read", "write");

    assertThat(inspection.restorable()).isTrue();
    assertThat(inspection.losses()).isEmpty();
    assertThat(inspection.refusals()).isEmpty();
    assertThat(inspection.unknowns()).isEmpty();
    assertThat(inspection.topic()).isEqualTo("web traffic");
    assertThat(inspection.file().splits())
        .containsExactly(
            new SourceSplit("web traffic", 0, 12), new SourceSplit("web traffic", 1, 40));
    assertThat(inspection.file().formatVersion()).isEqualTo(StateReader.NEWEST_FORMAT);
    assertThat(fates(inspection))
        .isEqualTo(Map.of("filter", Fate.RESTORED, "read", Fate.RESTORED, "write", Fate.STATELESS));
  }

  @Test
  void namesThePartitionsAndOffsetsThatRetentionHasTaken() throws Exception {
    log.with(0, 30, 100).with(1, 40, 100);

    Inspection inspection = inspect(savepoint(Map.of(0, 12L, 1, 40L)), "filter", "read", "write");

    assertThat(inspection.restorable()).isFalse();
    assertThat(inspection.losses())
        .containsExactly("partition 0 at offset 12: lost offsets 12 to 29 (18)");
    assertThat(inspection.left().orElseThrow().text()).isEqualTo("offsets:0=30,1=40");
  }

  @Test
  void namesNoOffsetsOfWhatIsLeftWhereMoreIsWrongOrNothing() throws Exception {
    log.with(0, 30, 100).with(1, 0, 39);
    assertThat(inspect(savepoint(Map.of(0, 12L, 1, 40L)), "filter", "read", "write").left())
        .isEmpty();

    log.with(0, 12, 100).with(1, 40, 41);
    assertThat(inspect(savepoint(Map.of(0, 12L, 1, 40L)), "filter", "read", "write").left())
        .isEmpty();
  }

  @Test
  void whatTheSourceWouldReadNextCountsAndNotTheJobsOwnRecord() throws Exception {
    log.with(0, 10, 100).with(1, 0, 100).withGap(1, 40, 45);

    Inspection inspection = inspect(savepoint(Map.of(0, 8L, 1, 45L)), "filter", "read", "write");

    assertThat(inspection.skipped().isEmpty()).isTrue();
    assertThat(inspection.losses())
        .containsExactly("partition 0 at offset 8: lost offsets 8 to 9 (2)");
    assertThat(inspection.partitions().get(1).sourceOffset()).isEqualTo(45);
    assertThat(inspection.partitions().get(1).readProgress()).isEqualTo(40);
    assertThat(inspection.partitions().get(1).inKafka().offset()).isEqualTo(45);
  }

  @Test
  void aSourceThatGoesOnBehindEventsThatTheFilterHasNotTakenWouldSkipThem() throws Exception {
    log.with(0, 0, 100).with(1, 0, 100).withGap(1, 40, 44);

    Inspection inspection = inspect(savepoint(Map.of(0, 12L, 1, 45L)), "filter", "read", "write");

    assertThat(inspection.restorable()).isFalse();
    assertThat(inspection.losses()).isEmpty();
    assertThat(inspection.skipped().words("start"))
        .isEqualTo(
            "the state cannot be restored, events would be skipped: partition 1: the source goes on"
                + " at offset 45, but the filter has processed nothing from offset 40 on"
                + " (READ-PROGRESS), and Kafka has an event at offset 44; to read them, start"
                + " without state: start");
    assertThat(inspection.skipped().before().text()).isEqualTo("offsets:0=12,1=40");
  }

  @Test
  void aPartitionThatTheSourceHasNotBegunIsReadFromItsFirstEvent() throws Exception {
    log.with(0, 0, 100).with(1, 0, 100).with(2, 0, 100).with(3, 0, 100);

    Inspection inspection =
        inspect(
            savepoint(Map.of(0, 12L, 1, 40L, 2, SourceSplit.EARLIEST)), "filter", "read", "write");

    assertThat(inspection.restorable()).isTrue();
    assertThat(inspection.partitions().stream().map(Inspection.Partition::sourceOffset))
        .containsExactly(12L, 40L, SourceSplit.EARLIEST, null);
    assertThat(inspection.partitions().stream().map(entry -> entry.inKafka().offset()))
        .containsExactly(12L, 40L, 0L, 0L);
  }

  @Test
  void whatIsGoneOfAPartitionThatTheStateDoesNotKnowIsALoss() throws Exception {
    log.with(0, 0, 100).with(1, 0, 100).with(2, 5, 100).with(3, 7, 7);

    Inspection inspection =
        inspect(
            savepoint(Map.of(0, 12L, 1, 40L, 2, SourceSplit.EARLIEST)), "filter", "read", "write");

    assertThat(inspection.restorable()).isFalse();
    assertThat(inspection.losses())
        .containsExactly(
            "partition 2 at offset 0: not in the state: lost offsets 0 to 4 (5)",
            "partition 3 at offset 0: not in the state: lost offsets 0 to 6 (7)");
  }

  @Test
  void offsetsWithoutAnEventThatTheSourceHasPassedAreNoLoss() throws Exception {
    log.with(0, 14, 14).with(1, 41, 50);

    Inspection inspection = inspect(savepoint(Map.of(0, 14L, 1, 41L)), "filter", "read", "write");

    assertThat(inspection.restorable()).isTrue();
    assertThat(inspection.partitions().stream().map(Inspection.Partition::readProgress))
        .containsExactly(12L, 40L);
  }

  @Test
  void offsetsOfAnotherTopicAreNotTakenForThoseOfTheJobs() throws Exception {
    log.with(0, 10, 100).with(1, 0, 100);
    name = "web clicks";

    Inspection inspection = inspect(savepoint(Map.of(0, 8L, 1, 300L)), "filter", "read", "write");

    assertThat(inspection.losses()).isEmpty();
    assertThat(inspection.unknowns())
        .containsExactly(
            "the source's own offsets are of the topic web traffic, and the job reads web clicks:"
                + " they are not shown");
    assertThat(inspection.partitions().stream().map(Inspection.Partition::sourceOffset))
        .containsExactly(null, null);
    assertThat(inspection.partitions().stream().map(entry -> entry.inKafka().offset()))
        .containsExactly(12L, 40L);
  }

  @Test
  void anOffsetThatIsAMarkerOrTheEndIsStillThere() throws Exception {
    log.with(0, 0, 100).withGap(0, 12, 13).with(1, 0, 40);

    Inspection inspection = inspect(savepoint(Map.of(0, 12L, 1, 40L)), "filter", "read", "write");

    assertThat(inspection.restorable()).isTrue();
    assertThat(inspection.unknowns()).isEmpty();
    assertThat(inspection.partitions().stream().map(entry -> entry.inKafka().toEnd()))
        .containsExactly(87L, 0L);
  }

  @Test
  void whetherACompactedTopicStillHasEveryEventIsNotKnown() throws Exception {
    log.with(0, 0, 100).withGap(0, 12, 20).with(1, 0, 100);
    log.keeping(new TopicRetention(null, null, true));

    Inspection inspection = inspect(savepoint(Map.of(0, 12L, 1, 40L)), "filter", "read", "write");

    assertThat(inspection.restorable()).isNull();
    assertThat(inspection.losses()).isEmpty();
    assertThat(inspection.unknowns())
        .containsExactly(
            "the topic is compacted: whether Kafka still has every event behind these offsets is"
                + " not known");

    log.with(0, 30, 100);
    assertThat(inspect(savepoint(Map.of(0, 12L, 1, 40L)), "filter", "read", "write").restorable())
        .isFalse();
  }

  @Test
  void aTopicThatWasMadeAnewHasNoneOfTheEvents() throws Exception {
    log.with(0, 0, 100).with(1, 0, 100).withId("BBBBBBBBBBBBBBBBBBBBBQ");

    Inspection inspection = inspect(savepoint(Map.of(0, 12L)), "filter", "read", "write");

    assertThat(inspection.restorable()).isFalse();
    assertThat(inspection.losses())
        .containsExactly(
            "topic web traffic in Kafka at broker:9092 is another one: its id was"
                + " AAAAAAAAAAAAAAAAAAAAAQ and is BBBBBBBBBBBBBBBBBBBBBQ, so the offsets say"
                + " nothing of it");
  }

  @Test
  void aTopicThatIsGoneIsALossAndAKafkaThatIsAwayIsNotKnown() throws Exception {
    Path savepoint = savepoint(Map.of(0, 12L));
    failure =
        new CommandException(
            ExitCode.FAILED, "no such topic", new UnknownTopicOrPartitionException());
    assertThat(inspect(savepoint, "filter", "read", "write").losses())
        .containsExactly("Kafka at broker:9092 has no topic web traffic any more");

    failure = new CommandException(ExitCode.UNREACHABLE, "Kafka does not answer");
    Inspection unknown = inspect(savepoint, "filter", "read", "write");
    assertThat(unknown.restorable()).isNull();
    assertThat(unknown.losses()).isEmpty();
    assertThat(unknown.unknowns())
        .containsExactly("whether Kafka still has the events is not known: Kafka does not answer");
    assertThat(unknown.partitions().stream().map(Inspection.Partition::readProgress))
        .containsExactly(12L, 40L);
  }

  @Test
  void tellsWhichStateAJarWouldTakeAndWhichNot() throws Exception {
    log.with(0, 0, 100).with(1, 0, 100);

    Inspection inspection =
        inspect(savepoint(Map.of(0, 12L, 1, 40L), "sessions"), "filter", "read", "enrich");

    assertThat(fates(inspection))
        .isEqualTo(
            Map.of(
                "filter", Fate.RESTORED,
                "read", Fate.RESTORED,
                "sessions", Fate.LEFT_OVER,
                "write", Fate.EMPTY,
                "enrich", Fate.NEW));
    assertThat(inspection.restorable()).isFalse();
    assertThat(inspection.refusals())
        .containsExactly(
            "no operator of "
                + directory.resolve("job.jar")
                + " takes the state of sessions: Flink refuses to start from it without"
                + " --allow-non-restored-state");
  }

  @Test
  void saysThatAStateIsOfAnotherJob() throws Exception {
    Path savepoint = StateFixture.savepointOfAnotherJob(directory.resolve("savepoint-0a1b2c-2"));

    Inspection inspection = inspect(savepoint, "filter", "read", "write");

    assertThat(inspection.restorable()).isFalse();
    assertThat(inspection.refusals())
        .containsExactly(
            "it is the state of another job: no operator of "
                + directory.resolve("job.jar")
                + " is in it");
    assertThat(inspection.unknowns())
        .containsExactly("it holds no offsets of Kafka that are known here");
  }

  private static Map<String, Fate> fates(Inspection inspection) {
    Map<String, Fate> fates = new TreeMap<>();
    inspection.operators().forEach(match -> fates.put(match.uid(), match.fate()));
    return fates;
  }
}
