package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.local.Security;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a disk has spoilt under Kafka, and what a whole replica brings back. */
class DamagedLogIT {
  private final RunningStack stack = RunningStack.with(Security.PLAINTEXT);

  @Test
  void aDamagedBatchIsSaidWithItsPlaceAndTheJobGoesOnOnceItIsWhole() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        TestJob job = new TestJob(stack, topic)) {
      topic.send(0, Events.numbered(1, 1));
      Path segment = segmentOf(topic);
      long whole = Files.size(segment);
      topic.send(0, Events.numbered(2, 2));
      invert(segment, whole + 80);

      job.start(1, null);
      Awaitility.await("what the job says")
          .ignoreExceptions()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(stack.flink().failure(job.id()))
                      .contains(
                          "offset 1 of partition 0 of topic '%s' cannot be read, its batch is damaged in Kafka's log (Record is corrupt (stored crc = "
                              .formatted(topic.name()))
                      .contains("trafficctl restart --from-offsets with 0=2, "));
      invert(segment, whole + 80);
      job.awaitRows(2, 0);
    }
  }

  private Path segmentOf(TestTopic topic) throws IOException {
    try (Stream<Path> all = Files.walk(stack.directory())) {
      return all.filter(
              file -> file.endsWith(Path.of(topic.name() + "-0", "00000000000000000000.log")))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void invert(Path file, long position) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, position);
      one.put(0, (byte) ~one.get(0)).rewind();
      channel.write(one, position);
    }
  }
}
