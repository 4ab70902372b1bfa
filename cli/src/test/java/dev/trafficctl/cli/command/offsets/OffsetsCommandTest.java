package dev.trafficctl.cli.command.offsets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.state.StateFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before anything is asked; the answers are tested against a real Kafka. */
class OffsetsCommandTest {
  private final TestConsole console = TestConsole.frozen();

  @TempDir Path directory;

  private void refuses(int exitCode, String words, String... options) {
    String[] all = new String[options.length + 3];
    all[0] = "offsets";
    System.arraycopy(options, 0, all, 1, options.length);
    all[options.length + 1] = "--flink";
    all[options.length + 2] = "http://127.0.0.1:1";
    assertThat(console.run(all)).as(console.err()).isEqualTo(exitCode);
    assertThat(console.err().lines().findFirst()).hasValue("trafficctl: " + words);
    assertThat(console.out()).isEmpty();
  }

  @Test
  void wantsExactlyOnePlace() {
    refuses(
        2,
        "Error: Missing required argument (specify one of these): (--at=TIME | --earliest |"
            + " --latest | --savepoint=PATH)");
    refuses(
        2,
        "Error: --earliest, --latest are mutually exclusive (specify only one)",
        "--earliest",
        "--latest");
  }

  @Test
  void takesNoTimeThatCannotBeMeant() {
    refuses(
        2,
        "--at: timestamp '2026-01-31T12:00:01Z' lies in the future; it is 2026-01-31T12:00:00Z now",
        "--at",
        "2026-01-31T12:00:01Z");
    refuses(
        2,
        "--at: timestamp '-2x' is not understood; a time before now is given as -2h, -10m or"
            + " -3d",
        "--at=-2x");
    refuses(
        2,
        "--at: timestamp '1969-12-31T23:59:59Z' lies before 1970; for the first event give"
            + " --earliest instead",
        "--at",
        "1969-12-31T23:59:59Z");
  }

  @Test
  void refusesAStateWithoutOffsetsAndOneThatIsDamaged() throws Exception {
    Path other = StateFixture.savepointOfAnotherJob(directory.resolve("savepoint-0a1b2c-2"));
    refuses(
        4,
        "file:"
            + other
            + " holds no offsets of Kafka that are known here; is it the state of another job?"
            + " see: trafficctl savepoint inspect file:"
            + other,
        "--savepoint",
        other.toString());

    byte[] newer = Files.readAllBytes(other.resolve("_metadata"));
    newer[7] = 9;
    Files.write(other.resolve("_metadata"), newer);
    refuses(
        4,
        other
            + "/_metadata was written by another version of Flink: its format is 9, and 6 is the"
            + " newest that Flink 2.2.1 reads",
        "--savepoint",
        other.toString());

    Files.write(other.resolve("_metadata"), new byte[0]);
    refuses(
        4,
        other + "/_metadata is cut off: it was not written to its end",
        "--savepoint",
        other.toString());

    Files.write(other.resolve("_metadata"), "no metadata of Flink".getBytes(UTF_8));
    refuses(
        4,
        other + "/_metadata is damaged, or is no metadata of Flink",
        "--savepoint",
        other.toString());

    Files.delete(other.resolve("_metadata"));
    refuses(
        4,
        other + " holds no _metadata, so it is no complete savepoint or checkpoint",
        "--savepoint",
        other.toString());
    refuses(4, "there is no " + other + "-2", "--savepoint", other + "-2");
    Files.write(other.resolve("_metadata"), new byte[3]);
    refuses(
        4,
        other + "/_metadata is cut off: it was not written to its end",
        "--savepoint",
        other.toString());
  }
}
