package dev.trafficctl.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.trafficctl.local.traffic.TrafficEvent.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessLogTest {
  private static final String TAIL = "\"GET /a HTTP/1.1\" 200 1 \"-\" \"curl/8\"";
  private static final String LATER = "84.1.2.3 - - [17/May/2015:10:05:43 +0000] " + TAIL;
  private static final String EARLIER = "84.1.2.3 - - [17/May/2015:10:05:03 +0000] " + TAIL;
  private static final String HALF = "84.1.2.3 - - [17/May/2015:10:05:03 +0000] \"GET";
  private static final String JSON =
      "{ \"x\":{\"event_time\":\"1\"}, \"event_time\" : \"2015-05-17T12:05:33.25+02:00\",\"u\":\"ä\"}";

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-22T00:00:00.123456Z"), ZoneOffset.UTC);

  @TempDir private Path directory;

  @Test
  void turnsCombinedLinesIntoEventsAndLeavesTheRestAsItIs() throws IOException {
    Path file = write(bytes(LATER + "\r\n" + JSON + "\n" + HALF + "\n\n{\"a\":1}\n[]\n" + EARLIER));

    assertThat(texts(open(file)))
        .containsExactly(
            "GOOD " + event("2015-05-17T10:05:43.000Z"),
            "BAD " + JSON,
            "BAD " + HALF,
            "BAD ",
            "BAD {\"a\":1}",
            "BAD []",
            "GOOD " + event("2015-05-17T10:05:03.000Z"));
  }

  @Test
  void movesAllTimesSoThatTheNewestIsNow() throws IOException {
    Path file = write(bytes(LATER + "\n" + JSON + "\n" + HALF + "\n" + EARLIER + "\n"));

    assertThat(texts(openShifted(file)))
        .containsExactly(
            "GOOD " + event("2026-11-22T00:00:00.123Z"),
            "BAD " + JSON.replace("2015-05-17T12:05:33.25+02:00", "2026-11-21T23:59:50.373Z"),
            "BAD " + HALF,
            "GOOD " + event("2026-11-21T23:59:20.123Z"));
  }

  @Test
  void keepsDigitsBelowAMillisecondWhenMoving() throws IOException {
    Path file = write(bytes("{\"event_time\":\"2015-05-17T10:05:03.000001Z\"}\n" + LATER));

    assertThat(texts(openShifted(file)).get(0))
        .isEqualTo("BAD {\"event_time\":\"2026-11-21T23:59:20.123001Z\"}");
  }

  /** A clock that was wrong for one line, or somebody's joke. */
  @Test
  void aTimeThatIsStillToComeMovesNoOther() throws IOException {
    String future = LATER.replace("17/May/2015", "31/Dec/9999");
    String soon = LATER.replace("17/May/2015:10:05:43", "22/Nov/2026:00:10:00");
    Path file = write(bytes(future + "\n" + EARLIER + "\n" + soon + "\n"));

    assertThat(texts(openShifted(file)))
        .containsExactly(
            "BAD " + event("9999-12-31T10:05:43.000Z"),
            "GOOD " + event("2015-05-17T09:55:03.123Z"),
            "GOOD " + event("2026-11-22T00:00:00.123Z"));
  }

  @Test
  void aLogThatIsAllStillToComeIsMovedAsAWhole() throws IOException {
    Path file = write(bytes((LATER + "\n" + EARLIER).replace("2015", "2031")));

    assertThat(texts(openShifted(file)))
        .containsExactly(
            "GOOD " + event("2026-11-22T00:00:00.123Z"),
            "GOOD " + event("2026-11-21T23:59:20.123Z"));
  }

  @Test
  void whatTheJobWillRejectIsBad() throws IOException {
    String name = LATER.replace("84.1.2.3", "crawl-1.example.net");
    String ahead = LATER.replace("17/May/2015:10:05:43", "22/Nov/2026:00:11:00");
    String good = event("2015-05-17T10:05:43.000Z");
    String withoutUrl = good.replace("\"url\":\"/a\",", "");
    Path file = write(bytes(String.join("\n", LATER, name, ahead, good, withoutUrl, good + good)));

    assertThat(texts(open(file)))
        .containsExactly(
            "GOOD " + good,
            "BAD " + good.replace("84.1.2.3", "crawl-1.example.net"),
            "BAD " + event("2026-11-22T00:11:00.000Z"),
            "GOOD " + good,
            "BAD " + withoutUrl,
            "BAD " + good + good);
  }

  @Test
  void readsTheCommonFormatWhereALogIsInIt() throws IOException {
    String common = LATER.replace(" \"-\" \"curl/8\"", "");
    String event =
        event("2015-05-17T10:05:43.000Z")
            .replace("\"user_agent\":\"curl/8\"", "\"user_agent\":null");

    assertThat(texts(open(write(bytes(HALF + "\n" + common + "\n" + common)))))
        .containsExactly("BAD " + HALF, "GOOD " + event, "GOOD " + event);
    assertThat(texts(open(write(bytes(common))))).containsExactly("GOOD " + event);
    assertThat(texts(open(write(bytes(common + "\n" + LATER + "\n" + common)))))
        .as("lines of the combined format that are cut off")
        .containsExactly(
            "BAD " + common, "GOOD " + event("2015-05-17T10:05:43.000Z"), "BAD " + common);
  }

  @Test
  void aVirtualHostIsTheHost() throws IOException {
    Path file = write(bytes("10.0.0.1:8080 " + LATER + "\n- " + LATER));

    assertThat(texts(open(file)))
        .containsExactly(
            "GOOD " + event("2015-05-17T10:05:43.000Z").replace("www.example.com", "10.0.0.1"),
            "GOOD " + event("2015-05-17T10:05:43.000Z"));
  }

  /** Nginx's packaged configuration ends each line with X-Forwarded-For. */
  @Test
  void theVisitorBehindAProxyIsTheClient() throws IOException {
    String proxied = LATER.replace("84.1.2.3", "10.0.0.7");
    Path file =
        write(bytes(proxied + " \"84.1.2.3, 10.0.0.9\"\n" + proxied + " \"unknown, 84.1.2.3\""));

    assertThat(texts(open(file)))
        .containsOnly("GOOD " + event("2015-05-17T10:05:43.000Z"))
        .hasSize(2);
  }

  @Test
  void passesOverAByteOrderMark() throws IOException {
    assertThat(texts(open(write(bytes("\ufeff" + LATER)))))
        .containsExactly("GOOD " + event("2015-05-17T10:05:43.000Z"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"level\":\"info\",\"ts\":1646861401.5,\"logger\":\"http.log.access\",\"request\":{}}"
            + " | a JSON access log of Caddy",
        "{\"time_iso8601\":\"2026-01-01T00:00:00+00:00\",\"remote_addr\":\"192.0.2.1\"}"
            + " | a JSON access log of Nginx",
        "{\"remote_addr\":\"192.0.2.1\",\"request\":\"GET / HTTP/1.1\",\"status\":200}"
            + " | a JSON access log of Nginx",
        "{\"logger\":\"worker\",\"message\":\"hello\"} | JSON without event_time",
        "{\"request\":{\"id\":1}} | JSON without event_time",
        "{\"date\":\"2026-01-01\",\"x-edge-location\":\"FRA56\",\"c-ip\":\"192.0.2.1\"}"
            + " | a JSON log of CloudFront",
        "{\"elb_status_code\":200,\"client_ip\":\"192.0.2.1\"}"
            + " | a JSON log of an AWS load balancer",
        "{\"message\":\"hello\"} | JSON without event_time",
        "{\"event_time\":\"yesterday\"} | JSON whose event_time is no time with a zone",
        "{\"event_time\":\"2026-01- | JSON that is cut off or broken",
        "http 2026-07-02T22:23:00.186641Z app/lb/50dc 192.0.2.1:2817 10.0.0.1:80 0.000 0.001 0.000"
            + " 200 200 34 366 \"GET http://a.example:80/ HTTP/1.1\" \"curl/7.46.0\" - -"
            + " | a log of an AWS application load balancer",
        "2026-05-13T23:39:43.945958Z lb 192.0.2.1:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200"
            + " 200 0 29 \"GET http://a.example:80/ HTTP/1.1\" \"curl/7.38.0\" - -"
            + " | a log of an AWS classic load balancer",
        "#Version: 1.0 | a log in the W3C extended format, as CloudFront and IIS write it",
        "Feb  6 12:14:14 lb haproxy[14389]: 192.0.2.1:33317 [06/Feb/2026:12:14:14.655] http-in"
            + " static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 \"GET / HTTP/1.1\""
            + " | a log of HAProxy",
        "192.0.2.1:33317 [06/Feb/2026:12:14:14.655] http-in~ static/<NOSRV> -1/-1/-1/-1/0 400 0 - -"
            + " PR-- 0/0/0/0/0 0/0 \"<BADREQ>\" | a log of HAProxy",
        "79a59df900b949e5 bucket [06/Feb/2026:00:00:38 +0000] 192.0.2.3 79a59df900b949e5"
            + " 3E57427F3EXAMPLE REST.GET.VERSIONING - \"GET /?versioning HTTP/1.1\" 200 - 113 - 7 -"
            + " \"-\" \"S3Console/0.4\" - | a server access log of Amazon S3",
        "79a59df900b949e5 bucket [06/Feb/2026:00:00:38 +0000] 192.0.2.3 - 3E57427F3EXAMPLE"
            + " WEBSITE.GET.OBJECT a.html \"GET /a.html HTTP/1.1\" 200 - 113 113 7 6 \"-\" \"curl\" -"
            + " | a server access log of Amazon S3",
        "[2026-04-15T20:17:00.310Z] \"POST /api/v1/locations HTTP/2\" 204 - 154 0 226 100"
            + " \"10.0.35.28\" \"nsq2http\" \"cc21d9b0\" \"locations\" \"tcp://10.0.2.1:80\""
            + " | an access log of Envoy",
        "1286536308.779    180 192.0.2.9 TCP_MISS/200 411 GET http://a.example/ - DIRECT/192.0.2.8"
            + " text/html | an access log of Squid",
        "1286536308.779    180 192.0.2.9 NONE/400 411 NONE error:invalid-request - HIER_NONE/-"
            + " text/html | an access log of Squid",
        "[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok | an error log",
        "2026/01/01 00:00:00 [error] 12#12: *1 open() failed | an error log",
        "hello | ``",
      })
  void refusesAFileOfWhichItReadsNoLineAndSaysWhatItSeemsToBe(String line, String seems)
      throws IOException {
    String begins = line.length() > 100 ? line.substring(0, 100) + "…" : line;

    assertRefused(
        line + "\n" + line + "\n",
        "none of its 2 lines can",
        (seems.isEmpty() ? "" : seems + ": ") + '"' + begins + '"');
  }

  @Test
  void refusesWhatIsNoText() throws IOException {
    assertRefused("\u001b\u0000[2J", "its only line cannot", "\"\\x1b\\x00[2J\"");
    assertRefused("\n\n", "none of its 2 lines can", "\"\"");
    assertRefused("x\n".repeat(1_000) + LATER, "none of its first 1000 lines can", "\"x\"");
  }

  /** As a name instead of an address in each line of an Apache that looks names up. */
  @Test
  void refusesAFileOfWhichTheJobWouldTakeNoLine() throws IOException {
    String name = LATER.replace("84.1.2.3", "crawl-1.example.net");
    String withoutUrl = event("2015-05-17T10:05:43.000Z").replace("\"url\":\"/a\",", "");

    assertRefused(
        (name + "\n").repeat(1_500),
        "none of its first 1000 lines can",
        "one that the job rejects as invalid_ip (ip \"crawl-1.example.net\" is not an IPv4 or IPv6"
            + " address): \"crawl-1.example.net - - [17/May/2015:10:05:43 +0000] \"GET /a HTTP/1.1\""
            + " 200 1 \"-\" \"curl/8\"\"");
    assertRefused(
        withoutUrl,
        "its only line cannot",
        "one that the job rejects as missing_field (url is missing): \""
            + withoutUrl.substring(0, 100)
            + "…\"");
  }

  @Test
  void refusesAFileThatIsAllStillToComeUnlessItIsMoved() throws IOException {
    String future = LATER.replace("2015", "2031");
    Path file = write(bytes(future));

    assertThatExceptionOfType(TrafficException.class)
        .isThrownBy(() -> open(file))
        .withMessageContaining("one that the job rejects as event_time_ahead (");
    assertThat(texts(openShifted(file))).hasSize(1);
  }

  @Test
  void refusesTextInUtf16() throws IOException {
    String refused =
        " is text in UTF-16, which is not read: write it in UTF-8, as iconv -f UTF-16 -t UTF-8 does";

    assertFails(write(("\ufeff" + LATER).getBytes(StandardCharsets.UTF_16LE)), refused);
    assertFails(write(("\ufeff" + JSON).getBytes(StandardCharsets.UTF_16BE)), refused);
    assertFails(
        write(gzip(("\ufeff" + LATER).getBytes(StandardCharsets.UTF_16LE))),
        " is a gzip file of text in UTF-16, which is not read: write it in UTF-8, as iconv -f"
            + " UTF-16 -t UTF-8 does");
  }

  @Test
  void refusesWhatIsPackedTwice() throws IOException {
    assertFails(
        write(gzip(gzip(bytes(LATER)))),
        " is a gzip file of a gzip file, which is not read: unpack it, or pack it with gzip once");
    assertFails(
        write(gzip(new byte[] {'P', 'K', 3, 4, 20, 0, 0, 0})),
        " is a gzip file of a zip archive, which is not read: unpack it, or pack it with gzip once");
  }

  private void assertRefused(String content, String which, String first) throws IOException {
    assertThatExceptionOfType(TrafficException.class)
        .isThrownBy(() -> open(write(bytes(content))))
        .withMessage(
            directory.resolve("file")
                + ": "
                + which
                + " be read: expected an access log in the combined or common format, or a"
                + " JSON object with event_time on each line; the first is "
                + first);
  }

  @Test
  void refusesArchives() throws IOException {
    assertFails(
        write(new byte[] {'P', 'K', 3, 4, 20, 0, 0, 0}),
        " is a zip archive, which is not read: unpack it, or pack it with gzip once");
  }

  @Test
  void refusesATarArchivePackedOrNot() throws IOException {
    byte[] tar = Arrays.copyOf(bytes("access.log"), 1024);
    System.arraycopy(bytes("ustar\u000000"), 0, tar, 257, 8);
    byte[] log = bytes(LATER + "\n");
    byte[] whole = Arrays.copyOf(tar, tar.length + log.length);
    System.arraycopy(log, 0, whole, tar.length, log.length);
    String remedy =
        "take the log out of it, as tar -xOf FILE \\| trafficctl local traffic --file - does";

    assertFails(write(whole), " is a tar archive, which is not read: " + remedy);
    assertFails(
        write(gzip(whole)), " is a gzip file of a tar archive, which is not read: " + remedy);
  }

  /** Where another program goes on writing into a log that was emptied, as copytruncate does. */
  @Test
  void passesOverTheZerosInFrontOfALogThatWasEmptied() throws IOException {
    Path file = write(bytes("\u0000".repeat(100_000) + LATER + "\n\u0000\u0000\u0000" + EARLIER));

    try (AccessLog log = open(file)) {
      assertThat(log.next().kind()).isEqualTo(Kind.GOOD);
      assertThat(log.next().kind()).isEqualTo(Kind.GOOD);
      assertThat(log.hasNext()).isFalse();
      assertThat(log.note())
          .contains(
              "100,003 zero bytes in front of lines of %s are passed over: a log that is emptied while a server writes it, as by copytruncate, has them"
                  .formatted(file));
    }
    assertThat(texts(openShifted(file))).hasSize(2);
    assertThat(texts(open(write(gzip(bytes("\u0000\u0000" + LATER))))))
        .containsExactly("GOOD " + event("2015-05-17T10:05:43.000Z"));
    try (AccessLog log = open(write(bytes(LATER)))) {
      assertThat(log.note()).isEmpty();
    }
  }

  @Test
  void refusesAFileOfNothingButZeros() throws IOException {
    Path file = write(new byte[100_000]);

    for (ThrowingCallable opening :
        List.<ThrowingCallable>of(() -> open(file), () -> openShifted(file))) {
      assertThatExceptionOfType(TrafficException.class)
          .isThrownBy(opening)
          .withMessage(
              file
                  + ": has no line, only 100,000 zero bytes, as a log has that was emptied by"
                  + " copytruncate; expected an access log in the combined or common format, or a"
                  + " JSON object with event_time on each line");
    }
  }

  /** A pipe gives what there is, and its reader does not wait for more. */
  @Test
  @Timeout(30)
  void givesEachLineOfAPipeAsSoonAsItIsThere() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    // Opened for both, so that neither end waits for the other.
    try (FileChannel writer =
        FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      writer.write(ByteBuffer.wrap(bytes(LATER + "\n")));
      try (AccessLog log = open(pipe)) {
        assertThat(log.next().kind()).isEqualTo(Kind.GOOD);
        writer.write(ByteBuffer.wrap(bytes(EARLIER + "\n")));
        assertThat(new String(log.next().value(), StandardCharsets.UTF_8))
            .isEqualTo(event("2015-05-17T10:05:03.000Z"));

        Thread.currentThread().interrupt();
        assertThat(log.hasNext()).isFalse();
        assertThat(Thread.interrupted()).isTrue();
      }
    }
    assertThatExceptionOfType(TrafficException.class)
        .isThrownBy(() -> openShifted(pipe))
        .withMessage(pipe + " can be read only once: write it to a file first");
  }

  @Property(tries = 300)
  void whateverByteOfAGzipFileIsDamagedItIsAnErrorOrNothingIsLost(
      @ForAll @IntRange(max = 1 << 20) int where, @ForAll @IntRange(min = 1, max = 255) int how)
      throws IOException {
    byte[] damaged =
        concat(gzip(bytes((LATER + "\n").repeat(20))), gzip(bytes((EARLIER + "\n").repeat(20))));
    damaged[where % damaged.length] ^= (byte) how;
    Path file = Files.createTempFile("damaged", ".gz");
    try {
      Files.write(file, damaged);
      List<String> read;
      try {
        read = texts(open(file));
      } catch (TrafficException e) {
        return;
      }
      assertThat(read).hasSize(40).allMatch(line -> line.startsWith("GOOD "));
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void takesAsUnreadableWhatJsonReadersDisagreeOn() throws IOException {
    List<String> lines =
        List.of(
            HALF,
            "{\"event_time\":\"2015-05-17T10:05:03Z\"} x",
            "{\"event_time\":\"2015-05-17T10:05:03Z\",\"event_time\":\"2015-05-17T10:05:03Z\"}",
            "{\"event_time\":1431857103000}",
            "{\"event_time\":\"yesterday\"}",
            "{\"event_time\":\"+12015-05-17T10:05:03Z\"}",
            "{\"event_time\":\"2015-05-17T10:05:03Z\"");
    Path file = write(bytes(String.join("\n", lines) + "\n" + LATER));

    assertThat(texts(openShifted(file)).subList(0, lines.size()))
        .isEqualTo(lines.stream().map(line -> "BAD " + line).toList());
  }

  @Test
  void keepsEveryByteOfALineThatIsNoText() throws IOException {
    byte[] garbage = {(byte) 0xff, 0, 1, (byte) 0x80, '\r', '{'};
    Path file = write(concat(bytes(LATER + "\n"), garbage));

    try (AccessLog log = open(file)) {
      assertThat(log.next().kind()).isEqualTo(Kind.GOOD);
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

    assertThat(texts(open(write(members))))
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

    assertThat(texts(open(write(padded))))
        .containsExactly("GOOD " + event("2015-05-17T10:05:43.000Z"));
  }

  @Test
  void anEmptyFileHasNoEvents() throws IOException {
    assertThat(texts(open(write(new byte[0])))).isEmpty();
    assertThat(texts(open(write(gzip(new byte[0]))))).isEmpty();
  }

  @Test
  void readsLinesLongerThanItsBuffer() throws IOException {
    String line = "x".repeat(1_000_000);

    assertThat(texts(open(write(bytes(line + "\n" + line + "\n" + LATER)))))
        .containsExactly("BAD " + line, "BAD " + line, "GOOD " + event("2015-05-17T10:05:43.000Z"));
  }

  @Test
  void saysWhatIsWrongWithAFile() throws IOException {
    byte[] random = new byte[200_000];
    new Random(1).nextBytes(random);
    for (int i = 1_000; i < random.length; i += 1_000) {
      random[i] = '\n';
    }
    byte[] zipped = gzip(concat(bytes(LATER + "\n"), random));
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
    byte[] endless = new byte[LineReader.LONGEST + 1];
    Arrays.fill(endless, (byte) 'x');
    assertFails(
        write(gzip(endless)),
        " has a line of more than 32 MiB: name an access log or a file of JSON lines");
  }

  private static void assertFails(Path file, String message) {
    assertThatExceptionOfType(TrafficException.class)
        .isThrownBy(() -> texts(open(file)))
        .satisfies(
            e -> assertThat(e.getMessage().substring(file.toString().length())).matches(message));
  }

  private static AccessLog open(Path file) {
    return AccessLog.open(file, "www.example.com", CLOCK);
  }

  private static AccessLog openShifted(Path file) {
    return AccessLog.openShifted(file, "www.example.com", CLOCK);
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
