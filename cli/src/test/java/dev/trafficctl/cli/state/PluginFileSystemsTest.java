package dev.trafficctl.cli.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.TestConsole;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** States that only a plug-in of Flink can read. */
class PluginFileSystemsTest {
  private static final String PATH = "shelf://any/savepoints/savepoint 0a1b2c";

  @TempDir static Path once;
  @TempDir Path directory;
  private final TestConsole console = TestConsole.frozen();

  @BeforeAll
  static void install() throws Exception {
    ShelfPlugin.installIn(once.resolve("plugins"));
  }

  @BeforeEach
  void configure() throws Exception {
    Files.createDirectories(directory.resolve("conf"));
    Files.writeString(
        directory.resolve("conf/config.yaml"),
        "shelf:\n  root: " + directory.resolve("shelf") + "\nparallelism.default: 2\n");
    console
        .with("FLINK_PLUGINS_DIR", once.resolve("plugins").toString())
        .with("FLINK_CONF_DIR", directory.resolve("conf").toString())
        .installedIn(directory);
  }

  private Path stored() throws Exception {
    return StateFixture.savepoint(directory.resolve("shelf/savepoints/savepoint 0a1b2c"));
  }

  @Test
  void readsAStateThroughAPlugIn() throws Exception {
    stored();

    assertThat(console.run("savepoint", "inspect", PATH, "-o", "json")).isZero();

    JsonNode result = new JsonMapper().readTree(console.out());
    assertThat(result.path("path").asText()).isEqualTo(PATH);
    assertThat(result.path("jobName").asText()).isEqualTo("traffic");
    assertThat(result.at("/partitions/1/readProgress").asLong()).isEqualTo(40);
  }

  @Test
  void takesTheMetadataItselfAndASlashBehind() throws Exception {
    stored();

    assertThat(console.run("savepoint", "inspect", PATH + "/_metadata")).isZero();
    assertThat(console.run("savepoint", "inspect", PATH + "/")).isZero();
    assertThat(console.out()).contains("PATH        " + PATH + "\n");
  }

  @Test
  void saysThatThereIsNothingOrThatItIsCutOff() throws Exception {
    assertThat(console.run("savepoint", "inspect", PATH)).isEqualTo(4);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: "
                + PATH
                + " holds no _metadata, so it is no complete savepoint or checkpoint\n");

    Path metadata = stored().resolve("_metadata");
    Files.write(metadata, java.util.Arrays.copyOf(Files.readAllBytes(metadata), 100));
    assertThat(console.run("savepoint", "inspect", PATH)).isEqualTo(4);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: " + PATH + "/_metadata is cut off: it was not written to its end\n");
  }

  @Test
  void saysThatAPlugInCannotReachItsStorage() throws Exception {
    stored();
    console.with("FLINK_CONF_DIR", null);

    assertThat(console.run("savepoint", "inspect", PATH)).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: " + PATH + " cannot be read from this machine: shelf.root is not set\n");
  }

  @Test
  void saysWhichPlugInIsMissing() {
    console.with("FLINK_PLUGINS_DIR", null);

    assertThat(console.run("savepoint", "inspect", "s3://bucket/savepoint-1")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: s3://bucket/savepoint-1 cannot be read from this machine: there is no"
                + " Flink file-system plug-in for s3 in "
                + directory
                + "/plugins; put it there, or set FLINK_PLUGINS_DIR to the plugins directory of a"
                + " Flink\n");
    assertThat(console.out()).isEmpty();
  }
}
