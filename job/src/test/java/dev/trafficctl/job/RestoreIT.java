package dev.trafficctl.job;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.local.Security;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.schema.Migrations;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreIT {
  private final RunningStack stack = RunningStack.with(Security.PLAINTEXT);

  @TempDir Path directory;

  @Test
  void goesOnWhereASavepointEndsWithAnotherParallelism() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 3);
        TestJob first = new TestJob(stack, topic);
        TestJob second = new TestJob(stack, topic)) {
      sendToAll(topic, 3, 0, 99);
      first.start(1, null).awaitRows(300, 0);
      String savepoint = stack.flink().stop(first.id());
      sendToAll(topic, 3, 100, 149);

      second.start(3, savepoint).awaitRows(450, 0);

      stack.flink().awaitNextCheckpoint(second.id());
      second.awaitCounters("filter", Map.of("read", 150L));
      second.awaitCounters("write__Writer", Map.of("written", 150L, "repeated", 0L));
      assertThat(second.count("processed_events")).isEqualTo(450);
    }
  }

  /**
   * The savepoint was made by version 0.1.0, with parallelism 2, of a topic {@code saved-state}
   * with 4 partitions of which 75 events each were read. No other topic ever has that one's id.
   */
  @Test
  void goesOnFromASavepointThatAnEarlierVersionMade() throws Exception {
    try (TestTopic topic = new TestTopic(stack, "saved-state", 4);
        TestJob job = new TestJob(stack, topic)) {
      byte[] metadata;
      try (InputStream made = RestoreIT.class.getResourceAsStream("savepoint-of-0.1.0/_metadata")) {
        metadata = made.readAllBytes();
      }
      Path savepoint = Files.createDirectory(directory.resolve("savepoint"));
      Files.writeString(
          savepoint.resolve("_metadata"),
          new String(metadata, ISO_8859_1).replace("6EM2x7OyRv6nR824KLkhAw", topic.id()),
          ISO_8859_1);
      sendToAll(topic, 4, 0, 99);

      job.start(3, savepoint.toUri().toString()).awaitRows(100, 0);

      stack.flink().awaitNextCheckpoint(job.id());
      job.awaitCounters("filter", Map.of("read", 100L));
      assertThat(job.count("processed_events")).isEqualTo(100);
    }
  }

  /** The rows of before stay where they are, and the two tables share their source. */
  @Test
  void twoJobsWriteToTwoTablesOfOneDatabaseAndOneGoesOnInAnother() throws Exception {
    TableNames names = TableNames.parse("Ereignisse \"2\" für alle");
    String events = TableNames.quoted(names.events());
    String rejected = TableNames.quoted(names.rejected());
    try (Connection owner = stack.connect()) {
      Migrations.apply(owner, names, stack.addresses().postgresUser());
    }
    try (TestTopic topic = new TestTopic(stack, 1);
        TestJob first = new TestJob(stack, topic);
        TestJob beside =
            new TestJob(stack, topic, "--table", names.events(), "--starting-offsets", "earliest");
        TestJob second = new TestJob(stack, topic, "--table", names.events())) {
      topic.send(0, Events.numbered(0, 9));
      topic.send(0, List.of("no event".getBytes(UTF_8)));
      first.start(1, null).awaitRows(10, 1);
      assertThat(first.count(events)).isZero();
      beside.start(1, null);
      beside.awaitRows(events, 10, rejected, 1);
      assertThat(beside.description().get("trafficctl.postgres-tables"))
          .contains("public.sources", "für alle_rejected");
      stack.flink().cancel(beside.id());
      String savepoint = stack.flink().stop(first.id());
      topic.send(0, Events.numbered(11, 15));
      topic.send(0, List.of("no event".getBytes(UTF_8)));

      second.start(1, savepoint).awaitRows(events, 15, rejected, 2);

      assertThat(second.count("processed_events")).isEqualTo(10);
      assertThat(second.count("rejected_events")).isEqualTo(1);
    }
  }

  @Test
  void writesNothingTwiceWhenEverythingIsReadAgain() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2);
        TestJob first = new TestJob(stack, topic);
        TestJob second = new TestJob(stack, topic, "--starting-offsets", "earliest")) {
      sendToAll(topic, 2, 0, 99);
      first.start().awaitRows(200, 0);
      stack.flink().cancel(first.id());
      sendToAll(topic, 2, 100, 109);

      second.start().awaitRows(220, 0);

      stack.flink().awaitNextCheckpoint(second.id());
      second.awaitCounters("write__Writer", Map.of("written", 20L, "repeated", 200L));
      assertThat(second.count("processed_events")).isEqualTo(220);
    }
  }

  @Test
  void failsForGoodAndNamesTheGapWhenRetentionHasPassedTheRestoredOffset() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2);
        TestJob first = new TestJob(stack, topic);
        TestJob second = new TestJob(stack, topic)) {
      sendToAll(topic, 2, 0, 9);
      first.start().awaitRows(20, 0);
      String savepoint = stack.flink().stop(first.id());
      sendToAll(topic, 2, 10, 19);
      topic.deleteBefore(1, 15);

      second.start(2, savepoint);

      stack.flink().awaitState(second.id(), "FAILED");
      assertThat(stack.flink().failure(second.id()))
          .contains(
              "topic '"
                  + topic.name()
                  + "' can no longer be read without loss: partition 1 has lost offsets 10 to 14 (5"
                  + " offsets), they were deleted before they were read; whether events or only"
                  + " marks of transactions were there can no longer be known. To go on with what"
                  + " is left, start the job without state: trafficctl restart JOB"
                  + " --from-earliest");
      assertThat(second.count("processed_events")).isEqualTo(20);
    }
  }

  @Test
  void namesTheGapInAPartitionOfWhichNothingWasReadYet() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        TestJob first = new TestJob(stack, topic, "--starting-offsets", "latest");
        TestJob second = new TestJob(stack, topic)) {
      topic.send(0, Events.numbered(0, 9));
      first.start().running();
      String savepoint = stack.flink().stop(first.id());
      topic.send(0, Events.numbered(10, 19));
      topic.deleteBefore(0, 12);

      second.start(2, savepoint);

      stack.flink().awaitState(second.id(), "FAILED");
      assertThat(stack.flink().failure(second.id()))
          .contains("partition 0 has lost offsets 10 to 11 (2 offsets), they were deleted");
    }
  }

  @Test
  void goesOnFromItsStateWhenRetentionHasPassedTheStartingOffsets() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2);
        TestJob first = new TestJob(stack, topic, "--starting-offsets", "offsets:0=2,1=0");
        TestJob second = new TestJob(stack, topic, "--starting-offsets", "offsets:0=2,1=0")) {
      sendToAll(topic, 2, 0, 9);
      first.start().awaitRows(18, 0);
      String savepoint = stack.flink().stop(first.id());
      sendToAll(topic, 2, 10, 14);
      topic.deleteBefore(0, 10);

      second.start(2, savepoint).awaitRows(28, 0);

      assertThat(second.description())
          .containsEntry("trafficctl.submitted-by", "somebody@somewhere")
          .doesNotContainKey("trafficctl.starting-offsets");
    }
  }

  @Test
  void refusesStateOfATopicThatWasMadeAnewAndNumbersTheNewOneApart() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        TestJob first = new TestJob(stack, topic);
        TestJob restored = new TestJob(stack, topic);
        TestJob fresh = new TestJob(stack, topic, "--starting-offsets", "earliest")) {
      topic.send(0, Events.numbered(0, 9));
      first.start(1, null).awaitRows(10, 0);
      String savepoint = stack.flink().stop(first.id());
      topic.makeAnew();
      topic.send(0, Events.numbered(100, 119));

      restored.start(1, savepoint);

      stack.flink().awaitState(restored.id(), "FAILED");
      assertThat(stack.flink().failure(restored.id()))
          .contains("topic '" + topic.name() + "' was deleted and made anew (its id was ");
      fresh.start(1, null).awaitRows(10 + 20, 0);
      assertThat(
              fresh.query(
                  "SELECT count(*) FROM processed_events JOIN sources USING (source)"
                      + " WHERE topic = '"
                      + topic.name()
                      + "' GROUP BY source ORDER BY source"))
          .isEqualTo(List.of(List.of(10L), List.of(20L)));
    }
  }

  @Test
  void noticesWhileItRunsThatItsTopicWasMadeAnew() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        TestJob job = new TestJob(stack, topic)) {
      topic.send(0, Events.numbered(0, 9));
      job.start(1, null).awaitRows(10, 0);

      topic.makeAnew();
      topic.send(0, Events.numbered(100, 119));

      stack.flink().awaitState(job.id(), "FAILED");
      assertThat(stack.flink().failure(job.id()))
          .contains("topic '" + topic.name() + "' was deleted and made anew (its id was ");
    }
  }

  @Test
  void readsPartitionsThatAreAddedFromTheirFirstEvent() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        TestJob job = new TestJob(stack, topic, "--partition-discovery-interval", "1s")) {
      topic.send(0, Events.numbered(0, 9));
      job.start().awaitRows(10, 0);

      topic.addPartitions(3);
      topic.send(2, Events.numbered(10, 14));

      job.awaitRows(15, 0);
    }
  }

  @Test
  void failsForGoodWhenEventsAreGoneOfAPartitionThatWasAddedLater() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        TestJob before = new TestJob(stack, topic, "--partition-discovery-interval", "1s");
        TestJob after = new TestJob(stack, topic, "--partition-discovery-interval", "1s");
        TestJob addedWhileStopped = new TestJob(stack, topic);
        TestJob foundAndIdle = new TestJob(stack, topic)) {
      topic.send(0, Events.numbered(0, 9));
      before.start(1, null).awaitRows(10, 0);
      String withoutIt = stack.flink().stop(before.id());
      topic.addPartitions(2);
      after.start(1, withoutIt).awaitPartition(1);
      String withIt = stack.flink().stop(after.id());
      topic.send(1, Events.numbered(10, 19));
      topic.deleteBefore(1, 4);

      addedWhileStopped.start(1, withoutIt);
      foundAndIdle.start(1, withIt);

      for (TestJob job : List.of(addedWhileStopped, foundAndIdle)) {
        stack.flink().awaitState(job.id(), "FAILED");
        assertThat(stack.flink().failure(job.id()))
            .contains(
                "topic '"
                    + topic.name()
                    + "' can no longer be read without loss: partition 1 has lost offsets 0 to 3"
                    + " (4 offsets), they were deleted before they were read; whether");
        assertThat(job.count("processed_events")).isEqualTo(10);
      }
    }
  }

  @Test
  void losesNothingWhenWhatIsGoneAreOnlyTransactionsThatItHasPassed() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2);
        TestJob first = new TestJob(stack, topic);
        TestJob second = new TestJob(stack, topic)) {
      first.start(1, null).running();
      topic.sendCommitted(0, Events.numbered(0, 9));
      topic.sendAborted(0, Events.numbered(10, 14));
      topic.sendAborted(1, Events.numbered(0, 2));
      first.awaitRows(10, 0);
      stack.flink().awaitNextCheckpoint(first.id());
      String savepoint = stack.flink().stop(first.id());
      topic.deleteBefore(0, 17);
      topic.deleteBefore(1, 4);
      topic.sendCommitted(0, Events.numbered(15, 19));

      second.start(1, savepoint).awaitRows(15, 0);

      second.awaitCounters("filter", Map.of("read", 5L));
    }
  }

  private static void sendToAll(TestTopic topic, int partitions, long first, long last)
      throws Exception {
    for (int partition = 0; partition < partitions; partition++) {
      topic.send(partition, Events.numbered(first, last));
    }
  }
}
