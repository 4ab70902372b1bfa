package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.trafficctl.local.Security;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartingOffsetsIT {
  private final RunningStack stack = RunningStack.with(Security.PLAINTEXT);

  @Test
  void startsAtGivenOffsetsAndRegistersThem() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2);
        TestJob job = new TestJob(stack, topic, "--starting-offsets", "offsets:0=7,1=9")) {
      topic.send(0, Events.numbered(0, 9));
      topic.send(1, Events.numbered(0, 9));
      job.start();

      job.awaitRows(4, 0);

      Map<String, String> description = job.description();
      assertThat(description.get("trafficctl.starting-offsets")).isEqualTo("offsets:0=7,1=9");
      assertThat(description.get("trafficctl.version")).isEqualTo("0.1.0-SNAPSHOT");
      assertThat(description.get("trafficctl.jar-sha256")).matches("[0-9a-f]{64}");
      assertThat(description.get("trafficctl.arguments"))
          .startsWith("[\"--kafka-url\",\"" + stack.addresses().kafka() + "\"");
    }
  }

  @Test
  void startsAtTheEndAsItWasWhenTheJobWasSubmitted() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2);
        TestJob job = new TestJob(stack, topic, "--starting-offsets", "latest")) {
      topic.send(0, Events.numbered(0, 9));
      job.start();
      topic.send(0, Events.numbered(10, 12));
      topic.send(1, Events.numbered(13, 14));

      job.awaitRows(5, 0);
    }
  }

  @Test
  void startsAtATimestampAndAtTheEndOfAPartitionThatIsOlder() throws Exception {
    long start = 1_700_000_000_000L;
    try (TestTopic topic = new TestTopic(stack, 2);
        TestJob job =
            new TestJob(stack, topic, "--starting-offsets", "timestamp:" + (start + 5_000))) {
      for (int i = 0; i < 10; i++) {
        topic.send(0, Events.event("/" + i, Instant.ofEpochMilli(start)), start + i * 1_000);
      }
      topic.send(1, Events.event("/old", Instant.ofEpochMilli(start)), start);
      job.start();

      job.awaitRows(5, 0);
      assertThat(job.description().get("trafficctl.starting-offsets")).isEqualTo("offsets:0=5,1=1");
    }
  }

  @Test
  void startsAtCommittedOffsetsAndSaysWhereNothingIsCommitted() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2);
        TestJob refused = new TestJob(stack, topic, "--starting-offsets", "committed");
        TestJob job = new TestJob(stack, topic, "--starting-offsets", "committed:earliest")) {
      topic.send(0, Events.numbered(0, 9));
      topic.send(1, Events.numbered(10, 12));
      topic.commit("group-of-" + topic.name(), Map.of(0, 8L));

      assertThat(refusal(refused))
          .isEqualTo(
              "--starting-offsets: group 'group-of-%s' has committed nothing for partitions [1]; give committed:earliest or committed:latest to say where those start"
                  .formatted(topic.name()));
      job.start();
      job.awaitRows(2 + 3, 0);
      assertThat(job.description().get("trafficctl.warning"))
          .isEqualTo(
              "nothing of topic %1$s was ever written to this database, and up to 8 events before the offsets of group group-of-%1$s are not read; to read them too, start with --starting-offsets earliest"
                  .formatted(topic.name()));
      try (TestJob again = new TestJob(stack, topic, "--starting-offsets", "committed:earliest")) {
        again.start();
        assertThat(again.description()).doesNotContainKey("trafficctl.warning");
      }
    }
  }

  @Test
  void refusesOffsetsThatRetentionHasPassedAndNamesTheGap() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2);
        TestJob job = new TestJob(stack, topic, "--starting-offsets", "offsets:0=5,1=0")) {
      topic.send(0, Events.numbered(0, 9));
      topic.deleteBefore(0, 8);

      assertThat(refusal(job))
          .isEqualTo(
              "--starting-offsets offsets:0=5,1=0 cannot be honoured: partition 0 has lost offsets"
                  + " 5 to 7 (3 offsets), they were deleted before they were read; whether events or"
                  + " only marks of transactions were there can no longer be known. Give"
                  + " offsets:0=8,1=0 to go on with what is left, or other offsets");
    }
  }

  @Test
  void refusesOffsetsPastTheEndAndPartitionsThatDoNotMatch() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2);
        TestJob pastTheEnd = new TestJob(stack, topic, "--starting-offsets", "offsets:0=5,1=0");
        TestJob mismatch = new TestJob(stack, topic, "--starting-offsets", "offsets:0=0,7=0")) {
      assertThat(refusal(pastTheEnd))
          .isEqualTo(
              "--starting-offsets offsets:0=5,1=0 cannot be honoured: partition 0 ends at offset 0,"
                  + " before offset 5 where reading would go on. Give earliest to start with what"
                  + " is left, or other offsets");
      assertThat(refusal(mismatch))
          .isEqualTo(
              "--starting-offsets: there are no partitions [7]; no offset is given for partitions"
                  + " [1]; give one offset for each of the partitions [0, 1]");
    }
  }

  @Test
  void refusesATimestampBeforeRetentionAndOneInTheFuture() throws Exception {
    long start = 1_700_000_000_000L;
    try (TestTopic topic = new TestTopic(stack, 1);
        TestJob before = new TestJob(stack, topic, "--starting-offsets", "timestamp:" + start);
        TestJob future =
            new TestJob(stack, topic, "--starting-offsets", "timestamp:9999-01-01T00:00:00Z")) {
      for (int i = 0; i < 10; i++) {
        topic.send(0, Events.event("/" + i, Instant.ofEpochMilli(start)), start + i * 1_000);
      }
      topic.deleteBefore(0, 4);

      assertThat(refusal(before))
          .isEqualTo(
              "--starting-offsets: 2023-11-14T22:13:20Z lies before what Kafka still has: partition"
                  + " 0 has lost its events before offset 4. Give a later time, or earliest to"
                  + " start with what is left");
      assertThat(refusal(future))
          .isEqualTo(
              "--starting-offsets: 9999-01-01T00:00:00Z lies in the future; give a time that has"
                  + " passed, or latest");
    }
  }

  private static String refusal(TestJob job) {
    return catchThrowableOfType(FlinkRest.Refused.class, job::start).rootCause();
  }
}
