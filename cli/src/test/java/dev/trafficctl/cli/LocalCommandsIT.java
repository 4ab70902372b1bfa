package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.output.Text;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedStack.class)
class LocalCommandsIT {
  private static final String LINE =
      "84.1.2.3 - - [17/May/2015:10:05:43 +0000] \"GET /a HTTP/1.1\" 200 1 \"-\" \"-\"";

  private final TestConsole console = TestConsole.real();

  @TempDir Path empty;

  private int onStack(String... arguments) {
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--directory";
    all[arguments.length + 1] = SharedStack.directory();
    return console.run(all);
  }

  private JsonNode status() throws IOException {
    assertThat(onStack("local", "status", "-o", "json")).isZero();
    return new JsonMapper().readTree(console.out());
  }

  @Test
  void upAgainChangesNothing() throws IOException {
    JsonNode before = status();
    assertThat(SharedStack.up(console, SharedStack.directory())).isZero();
    assertThat(console.err()).isEqualTo("");
    assertThat(status()).isEqualTo(before);
    assertThat(onStack("local", "up")).isZero();
    assertThat(status()).isEqualTo(before);
  }

  @Test
  void statusNamesEveryPartAndNoSecret() throws IOException {
    JsonNode status = status();
    assertThat(status.at("/parts").findValuesAsText("name"))
        .containsExactly("kafka", "postgres", "jobmanager", "taskmanager-1");
    assertThat(status.at("/parts").findValuesAsText("state"))
        .containsExactly("RUNNING", "RUNNING", "RUNNING", "RUNNING");
    assertThat(status.at("/addresses").properties().stream().map(field -> field.getKey()))
        .containsExactly("kafka", "postgres", "postgresUser", "flink");
  }

  @Test
  void aTakenPortIsNamedAndNothingIsStarted() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int exitCode =
          console.run(
              "local",
              "up",
              "--directory",
              empty.toString(),
              "--kafka-port",
              "0",
              "--postgres-port",
              "0",
              "--flink-port",
              Integer.toString(taken.getLocalPort()));
      assertThat(exitCode).isEqualTo(1);
      assertThat(console.err())
          .startsWith("trafficctl: port " + taken.getLocalPort() + " (jobmanager) is taken")
          .contains("--flink-port")
          .hasLineCount(1);
    }
    assertThat(console.run("local", "status", "--directory", empty.toString())).isEqualTo(3);
    assertThat(console.out()).doesNotContain("RUNNING");
  }

  @Test
  void logsPrintsAsManyLinesAsWanted() {
    assertThat(onStack("local", "logs", "jobmanager", "-n", "3")).isZero();
    assertThat(console.out()).hasLineCount(3);
  }

  @Test
  void logsOfAnUnknownPartNamesTheOthers() {
    assertThat(onStack("local", "logs", "zookeeper")).isEqualTo(1);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err()).contains("zookeeper", "taskmanager-1").hasLineCount(1);
  }

  @Test
  void trafficCountsWhatItSends() {
    int exitCode =
        onStack("local", "traffic", "--topic", "counted", "--count", "500", "--bad", "100");
    assertThat(exitCode).isZero();
    assertThat(console.err()).isEqualTo("made topic counted with 4 partitions\n");
    assertThat(console.out()).containsPattern("counted   500  500     0 +[0-9,]+\n");
  }

  @Test
  void trafficOfAMissingFileIsOneLine() {
    assertThat(onStack("local", "traffic", "--file", "no-such-file.gz")).isEqualTo(1);
    assertThat(console.err()).contains("no-such-file.gz").hasLineCount(1);
  }

  @Test
  @Timeout(60)
  void trafficOfAPipeIsSentLikeThatOfAFile() throws Exception {
    Path pipe = empty.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    CompletableFuture<Path> written =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Files.writeString(pipe, LINE + "\n" + LINE + "\nhalf a line");
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });

    int exitCode = onStack("local", "traffic", "--topic", "piped", "--file", pipe.toString());

    assertThat(exitCode).as(console.err()).isZero();
    assertThat(console.out()).containsPattern("piped +3 +1 +0 ");
    assertThat(written.get()).isEqualTo(pipe);
  }

  @Test
  @Timeout(60)
  void trafficOfTheStandardInputIsSent() throws Exception {
    try (CommandProcess command =
        CommandProcess.start(
            empty,
            Map.of(),
            "local",
            "traffic",
            "--directory",
            SharedStack.directory(),
            "--topic",
            "typed",
            "--file",
            "-")) {
      command.type(LINE + "\n" + LINE + "\n");

      assertThat(command.exitCode()).isZero();
    }
    assertThat(empty.resolve("out")).content().containsPattern("typed +2 +0 +0 ");
  }

  @Test
  void trafficOfADamagedFileFailsWithTheLine() throws IOException {
    byte[] member = gzip(LINE + "\n");
    byte[] damaged = gzip(LINE + "\n");
    damaged[0] ^= 1;
    Path file = empty.resolve("access.log.gz");
    Files.write(file, member);
    Files.write(file, damaged, StandardOpenOption.APPEND);

    assertThat(onStack("local", "traffic", "--topic", "damaged", "--file", file.toString()))
        .isEqualTo(7);
    assertThat(console.out()).isEqualTo("");
    // Making the topic is told before.
    assertThat(console.err())
        .endsWith(
            "trafficctl: "
                + file
                + " is a gzip file that is damaged after line 1 (Input is not in the .gz format):"
                + " fetch it again (1 event was acknowledged before that)\n"
                + "trafficctl: sent again as a whole, it would be there twice: go on behind line 1 of"
                + " the unpacked file: tail -n +2 FILE > REST && trafficctl local traffic --directory "
                + Text.argument(SharedStack.directory())
                + " --topic damaged --file REST\n");
  }

  @Test
  void trafficOfAFileOfAnotherFormatIsRefusedBeforeItsFirstLine() throws IOException {
    Path file =
        Files.writeString(
            empty.resolve("caddy.log"), "{\"logger\":\"http.log.access\",\"request\":{}}\n");

    assertThat(onStack("local", "traffic", "--topic", "foreign", "--file", file.toString()))
        .isEqualTo(1);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: "
                + file
                + ": its only line cannot be read: expected an access log in the combined or common"
                + " format, or a JSON object with event_time on each line; the first is a JSON"
                + " access log of Caddy: \"{\"logger\":\"http.log.access\",\"request\":{}}\"\n");
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private int submit(String... settings) throws IOException {
    // A name of its own: another test's job may still run.
    String[] options = {
      "submit", "--directory", SharedStack.directory(), "--", "--job-name", "refused"
    };
    String[] all = new String[options.length + settings.length];
    System.arraycopy(options, 0, all, 0, options.length);
    System.arraycopy(settings, 0, all, options.length, settings.length);
    return console.run(all);
  }

  /** What was said behind the line that announces the submission. */
  private String words() {
    assertThat(console.out()).isEqualTo("");
    return console.err().substring(console.err().indexOf('\n') + 1);
  }

  @Test
  @Timeout(30)
  void submitWithAMissingTopicIsRefused() throws IOException {
    assertThat(onStack("local", "traffic", "--topic", "other", "--count", "1")).isZero();
    assertThat(submit("--kafka-topic", "no-such-topic", "--kafka-group", "it")).isEqualTo(1);
    assertThat(words()).contains("has no topic 'no-such-topic'").doesNotContain("\tat ");
  }

  @Test
  @Timeout(30)
  void submitWithABrokerThatIsNotThereIsRefused() throws IOException {
    int exitCode =
        submit("--kafka-url", "127.0.0.1:1", "--kafka-topic", "t", "--kafka-group", "it");
    assertThat(exitCode).isEqualTo(5);
    assertThat(words())
        .contains("trafficctl: Kafka at 127.0.0.1:1 does not answer")
        .doesNotContain("\tat ");
  }

  @Test
  @Timeout(30)
  void submitWithAUserThatPostgresDoesNotKnowIsRefused() throws IOException {
    assertThat(onStack("local", "traffic", "--topic", "other", "--count", "1")).isZero();
    int exitCode =
        submit("--kafka-topic", "other", "--kafka-group", "it", "--postgres-user", "nobody");
    assertThat(exitCode).isEqualTo(1);
    assertThat(words()).contains("nobody").hasLineCount(1).doesNotContain("\tat ");
  }

  @Test
  @Timeout(30)
  void submitTellsEveryWrongSettingAtOnce() throws IOException {
    assertThat(submit("--kafka-topic", "a topic", "--batch-rows", "0", "--colour", "red"))
        .isEqualTo(2);
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err())
        .contains("--kafka-topic", "--batch-rows", "--colour")
        .doesNotContain("\tat ");
  }

  @Test
  void submitOfAFileThatIsNoJarIsOneLine() throws IOException {
    Path file = Files.writeString(empty.resolve("job.jar"), "no jar");
    int exitCode =
        console.run(
            "submit",
            "--directory",
            SharedStack.directory(),
            "--jar",
            file.toString(),
            "--",
            "--job-name",
            "refused");
    assertThat(exitCode).isEqualTo(1);
    assertThat(words()).startsWith("trafficctl: ").hasLineCount(1);
  }
}
