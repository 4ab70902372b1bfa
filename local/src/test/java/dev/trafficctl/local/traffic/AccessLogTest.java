package dev.trafficctl.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
  private static final String TAIL = "\"GET /a HTTP/1.1\" 200 1 \"-\" \"curl/8\"";
  private static final String LATER = "84.1.2.3 - - [17/May/2015:10:05:43 +0000] " + TAIL;
  private static final String EARLIER = "84.1.2.3 - - [17/May/2015:10:05:03 +0000] " + TAIL;
  private static final String HALF = "84.1.2.3 - - [17/May/2015:10:05:03 +0000] \"GET";
  private static final String JSON =
      "{ \"x\":{\"event_time\":\"1\"}, \"event_time\" : \"2015-05-17T12:05:33.25+02:00\",\"u\":\"ä\"}";

  @TempDir private Path directory;

  @Test
  void turnsCombinedLinesIntoEventsAndLeavesTheRestAsItIs() throws IOException {
    Path file = write(bytes(LATER + "\r\n" + JSON + "\n" + HALF + "\n\n{\"a\":1}\n[]\n" + EARLIER));

    assertThat(texts(AccessLog.open(file, "www.example.com")))
        .containsExactly(
            "GOOD " + event("2015-05-17T10:05:43.000Z"),
            "GOOD " + JSON,
            "BAD " + HALF,
            "BAD ",
            "BAD {\"a\":1}",
            "BAD []",
            "GOOD " + event("2015-05-17T10:05:03.000Z"));
  }

  @Test
  void movesAllTimesSoThatTheNewestIsNow() throws IOException {
    Path file = write(bytes(LATER + "\n" + JSON + "\n" + HALF + "\n" + EARLIER + "\n"));

    assertThat(
            texts(
                AccessLog.openShifted(
                    file, "www.example.com", Instant.parse("2026-11-22T00:00:00.123456Z"))))
        .containsExactly(
            "GOOD " + event("2026-11-22T00:00:00.123Z"),
            "GOOD " + JSON.replace("2015-05-17T12:05:33.25+02:00", "2026-11-21T23:59:50.373Z"),
            "BAD " + HALF,
            "GOOD " + event("2026-11-21T23:59:20.123Z"));
  }

  @Test
  void keepsDigitsBelowAMillisecondWhenMoving() throws IOException {
    Path file = write(bytes("{\"event_time\":\"2015-05-17T10:05:03.000001Z\"}\n" + LATER));

    assertThat(
            texts(AccessLog.openShifted(file, "h", Instant.parse("2015-05-18T10:05:43Z"))).get(0))
        .isEqualTo("GOOD {\"event_time\":\"2015-05-18T10:05:03.000001Z\"}");
  }

  @Test
  void movesNothingWhereNoLineHasATime() throws IOException {
    Path file = write(bytes("a\nb"));

    assertThat(texts(AccessLog.openShifted(file, "h", Instant.EPOCH)))
        .containsExactly("BAD a", "BAD b");
  }

  @Test
  void takesAsUnreadableWhatJsonReadersDisagreeOn() throws IOException {
    List<String> lines =
        List.of(
            "{\"event_time\":\"2015-05-17T10:05:03Z\"} x",
            "{\"event_time\":\"2015-05-17T10:05:03Z\",\"event_time\":\"2015-05-17T10:05:03Z\"}",
            "{\"event_time\":1431857103000}",
            "{\"event_time\":\"yesterday\"}",
            "{\"event_time\":\"+12015-05-17T10:05:03Z\"}",
            "{\"event_time\":\"2015-05-17T10:05:03Z\"");
    Path file = write(bytes(String.join("\n", lines)));

    assertThat(texts(AccessLog.openShifted(file, "h", Instant.EPOCH)))
        .isEqualTo(lines.stream().map(line -> "BAD " + line).toList());
  }

  @Test
  void keepsEveryByteOfALineThatIsNoText() throws IOException {
    byte[] garbage = {(byte) 0xff, 0, 1, (byte) 0x80, '\r', '{'};
    Path file = write(garbage);

    try (AccessLog log = AccessLog.open(file, "h")) {
      assertThat(log.next().value()).containsExactly(garbage);
      assertThat(log.hasNext()).isFalse();
    }
  }

  @Test
  void readsGzipWhateverItsName() throws IOException {
    byte[] members =
        concat(
            gzip(bytes(LATER + "\n" + EARLIER.substring(0, 20))),
            gzip(bytes(EARLIER.substring(20))));

    assertThat(texts(AccessLog.open(write(members), "www.example.com")))
        .containsExactly(
            "GOOD " + event("2015-05-17T10:05:43.000Z"),
            "GOOD " + event("2015-05-17T10:05:03.000Z"));
  }

  @Test
  void whateverFollowsAGzipMemberIsReadOrAnError() throws IOException {
    byte[] first = gzip(bytes(LATER + "\n" + EARLIER + "\n"));
    byte[] damagedHeader = gzip(bytes(EARLIER + "\n"));
    damagedHeader[1] ^= 1;
    String read = " is a gzip file that is damaged after line \\d \\(.+\\): fetch it again";

    assertFails(write(concat(first, damagedHeader)), read);
    assertFails(write(concat(first, bytes(EARLIER + "\n"))), read);
    assertFails(write(concat(first, new byte[] {0, 0, 1})), read);
    assertFails(
        write(concat(first, Arrays.copyOf(gzip(new byte[0]), 3))),
        " is a gzip file whose end is missing after line \\d: fetch it again");
    assertFails(write(concat(first, concat(new byte[512], gzip(bytes(EARLIER))))), read);
  }

  /** As a tape or a block device fills up the last block. */
  @Test
  void zerosBehindAGzipFileAreNoDamage() throws IOException {
    byte[] padded = concat(gzip(bytes(LATER + "\n")), new byte[100_000]);

    assertThat(texts(AccessLog.open(write(padded), "www.example.com")))
        .containsExactly("GOOD " + event("2015-05-17T10:05:43.000Z"));
  }

  @Test
  void anEmptyFileHasNoEvents() throws IOException {
    assertThat(texts(AccessLog.open(write(new byte[0]), "h"))).isEmpty();
    assertThat(texts(AccessLog.open(write(gzip(new byte[0])), "h"))).isEmpty();
  }

  @Test
  void readsLinesLongerThanItsBuffer() throws IOException {
    String line = "x".repeat(1_000_000);

    assertThat(texts(AccessLog.open(write(bytes(line + "\n" + line)), "h")))
        .containsExactly("BAD " + line, "BAD " + line);
  }

  @Test
  void saysWhatIsWrongWithAFile() throws IOException {
    byte[] random = new byte[200_000];
    new Random(1).nextBytes(random);
    for (int i = 1_000; i < random.length; i += 1_000) {
      random[i] = '\n';
    }
    byte[] zipped = gzip(random);
    byte[] damaged = zipped.clone();
    damaged[damaged.length - 5] ^= 1;

    assertFails(directory, " is a directory: name a file in it");
    assertFails(directory.resolve("none"), " does not exist: check the path");
    assertFails(
        write(Arrays.copyOf(zipped, 100_000)),
        " is a gzip file whose end is missing after line \\d+: fetch it again");
    assertFails(
        write(Arrays.copyOf(zipped, 5)), " is a gzip file whose end is missing: fetch it again");
    assertFails(
        write(damaged),
        " is a gzip file that is damaged after line \\d+ \\(Gzip-compressed data is corrupt"
            + " \\(CRC32 error\\)\\): fetch it again");
    assertFails(
        write(gzip(new byte[LineReader.LONGEST + 1])),
        " has a line of more than 32 MiB: name an access log or a file of JSON lines");
  }

  private static void assertFails(Path file, String message) {
    assertThatExceptionOfType(TrafficException.class)
        .isThrownBy(() -> texts(AccessLog.open(file, "h")))
        .satisfies(
            e -> assertThat(e.getMessage().substring(file.toString().length())).matches(message));
  }

  private static String event(String time) {
    return "{\"url\":\"/a\",\"host\":\"www.example.com\",\"referrer\":null,\"user_agent\":\"curl/8\","
        + "\"ip\":\"84.1.2.3\",\"headers\":{},\"event_time\":\""
        + time
        + "\"}";
  }

  private static List<String> texts(AccessLog opened) {
    List<String> texts = new ArrayList<>();
    try (AccessLog log = opened) {
      while (log.hasNext()) {
        TrafficEvent event = log.next();
        texts.add(event.kind() + " " + new String(event.value(), StandardCharsets.UTF_8));
      }
    }
    return texts;
  }

  private Path write(byte[] content) throws IOException {
    return Files.write(directory.resolve("file"), content);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    }
    return bytes.toByteArray();
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
