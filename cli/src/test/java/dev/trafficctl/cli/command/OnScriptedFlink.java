package dev.trafficctl.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.ScriptedFlink;
import dev.trafficctl.cli.TestConsole;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests have in common of commands that change the job of a {@link ScriptedFlink}. */
public abstract class OnScriptedFlink {
  /** The job as it is named to people. */
  protected static final String SHOWN = "traffic (" + FakeFlink.JOB + ")";

  protected final ScriptedFlink flink = new ScriptedFlink();
  protected final TestConsole console = TestConsole.jumping();

  /** Where the journal is, besides what a test puts there. */
  @TempDir protected Path directory;

  @BeforeEach
  protected void keepTheJournalApart() {
    console.with("XDG_STATE_HOME", directory.toString());
  }

  @AfterEach
  protected void close() {
    flink.close();
  }

  /** Runs a command on this Flink, and returns its exit code. */
  protected int run(String... arguments) {
    return console.run(
        Stream.concat(Stream.of(arguments), Stream.of("--flink", flink.server().url()))
            .toArray(String[]::new));
  }

  /** What is said of a path that this machine does not have. */
  protected static String unchecked(String path) {
    return "not checked: " + path + " cannot be read from this machine\n";
  }

  /** The newest operation of the journal, as {@code operations} shows it. */
  protected JsonNode last() throws IOException {
    assertThat(console.run("operations", "-n", "1", "-o", "json")).isZero();
    return new JsonMapper().readTree(console.out()).at("/operations/0");
  }
}
