package dev.trafficctl.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.output.Text;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedStack.class)
class DemoIT {
  private final TestConsole console = TestConsole.real();

  @TempDir Path directory;

  private static long sum(JsonNode counts) {
    long sum = 0;
    for (JsonNode count : counts) {
      sum += count.asLong();
    }
    return sum;
  }

  private static void assertTheLaw(JsonNode result) {
    assertThat(
            result.at("/written").asLong()
                + sum(result.at("/filtered"))
                + sum(result.at("/rejected")))
        .isEqualTo(result.at("/read").asLong());
    assertThat(result.at("/differences").size()).isZero();
  }

  @Test
  void balancesTheBooksForEveryRunOnTheSameTopic() throws IOException {
    for (int run = 1; run <= 2; run++) {
      int exitCode =
          console.run(
              "demo",
              "--directory",
              SharedStack.directory(),
              "--topic",
              "twice",
              "--count",
              "5000",
              "--bad",
              "4",
              "--late",
              "4",
              "-o",
              "json");
      assertThat(exitCode).as(console.err()).isZero();
      JsonNode result = new JsonMapper().readTree(console.out());
      assertThat(result.at("/read").asLong()).isEqualTo(5_000);
      assertThat(sum(result.at("/rejected"))).isBetween(100L, 300L);
      // Few events may be through before Flink has noted that all tasks run: then it is null.
      JsonNode rate = result.required("eventsPerSecond");
      assertThat(rate.isNull() || rate.asLong() > 0).as("rate %s", rate).isTrue();
      assertThat(result.at("/sample").size()).isEqualTo(5);
      assertTheLaw(result);
    }
  }

  @Test
  void aFileThatIsDamagedFurtherOnIsSentInPartAndHowToGoOnIsSaid() throws IOException {
    String line =
        "203.0.113.7 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"\n";
    ByteArrayOutputStream damaged = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(damaged)) {
      gzip.write(line.getBytes(UTF_8));
    }
    damaged.write('x');
    Path file = Files.write(directory.resolve("damaged log.gz"), damaged.toByteArray());

    int exitCode =
        console.run(
            "demo",
            "--directory",
            SharedStack.directory(),
            "--topic",
            "in-part",
            "--file",
            file.toString());
    assertThat(exitCode).isEqualTo(7);
    assertThat(console.err())
        .contains("(1 event was acknowledged before that)\n")
        .endsWith(
            "trafficctl: no job has read what was sent, and none will: a demo begins at the end of"
                + " the topic; once that is mended, run it again: trafficctl demo --directory "
                + Text.argument(SharedStack.directory())
                + " --topic in-part --file '"
                + file
                + "'\n");
  }

  @Test
  void countsTheLinesOfAFile() throws IOException {
    String page =
        "203.0.113.7 - - [17/May/2015:10:05:%02d +0000] \"GET /page/%d HTTP/1.1\" 200 512 \"-\""
            + " \"Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0\"\n";
    StringBuilder log = new StringBuilder();
    for (int line = 0; line < 30; line++) {
      log.append(page.formatted(line, line));
    }
    log.append("not a line of a log\n");
    log.append(page.formatted(40, 40).replace("/page/40", "/style.css"));
    Path file = Files.writeString(directory.resolve("access.log"), log);
    int exitCode =
        console.run(
            "demo",
            "--directory",
            SharedStack.directory(),
            "--topic",
            "from-a-file",
            "--file",
            file.toString());
    assertThat(exitCode).as(console.err()).isZero();
    assertThat(console.out())
        .startsWith(
            """
            STAGE   WHAT                    EVENTS
            read    from topic from-a-file      32
            filter  all rules                    1
                      static-files               1
            reject  all reasons                  1
                      malformed_json             1
            write   to processed_events         30
                      of these late              0

            read = written + filtered + rejected: Kafka's offsets, the rows in Postgres and the job's counters agree
            """)
        .contains("203.0.113.7", "trafficctl local down --wipe");
  }
}
