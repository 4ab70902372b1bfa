package dev.trafficctl.cli.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.TestConsole;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
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

  private static final String SHELF = "shelf://any/savepoints";
  private static final String SAVEPOINT = SHELF + "/savepoint-aaaaaa-0123456789ab";
  private static final String CHECKPOINT = SHELF + "/" + FakeFlink.JOB + "/chk-8";

  /** A Flink that writes to the shelf, and has forgotten its job. */
  private FakeFlink forgetful() throws Exception {
    Path shelf = directory.resolve("shelf/savepoints");
    StateFixture.savepoint(shelf.resolve("savepoint-aaaaaa-0123456789ab"));
    StateFixture.checkpoint(shelf.resolve(FakeFlink.JOB + "/chk-8"), 8, StateFixture.DESCRIPTION);
    StateFixture.checkpoint(shelf.resolve(FakeFlink.JOB + "/chk-7"), 7, StateFixture.DESCRIPTION);
    Files.createDirectories(shelf.resolve(FakeFlink.JOB + "/shared"));
    Files.setLastModifiedTime(
        shelf.resolve("savepoint-aaaaaa-0123456789ab/_metadata"),
        FileTime.from(Instant.parse("2026-01-31T11:50:00Z")));
    for (int number : new int[] {7, 8}) {
      Files.setLastModifiedTime(
          shelf.resolve(FakeFlink.JOB + "/chk-" + number + "/_metadata"),
          FileTime.from(Instant.parse("2026-01-31T11:5" + number + ":00Z")));
    }
    return new FakeFlink()
        .withTraffic()
        .slots(4, 4)
        .answer("/jobs/overview", "{\"jobs\":[]}")
        .answer(
            "/jobmanager/config",
            "[{\"key\":\"execution.checkpointing.dir\",\"value\":\""
                + SHELF
                + "/\"},{\"key\":\"execution.checkpointing.savepoint-dir\",\"value\":\""
                + SHELF
                + "\"},{\"key\":\"web.tmpdir\",\"value\":\"/tmp/flink-web-1\"}]");
  }

  @Test
  void listsWhatAPlugInCanRead() throws Exception {
    try (FakeFlink flink = forgetful()) {
      assertThat(console.run("checkpoints", "traffic", "--flink", flink.url())).isZero();

      assertThat(console.out().lines().skip(1).map(line -> line.replaceAll(" {2,}", " | ")))
          .satisfiesExactly(
              line ->
                  assertThat(line)
                      .startsWith(" 8 | checkpoint | COMPLETED | 2m | -")
                      .endsWith("| traffic | storage | yes | " + CHECKPOINT + " | -"),
              line -> assertThat(line).startsWith(" 7 | checkpoint | COMPLETED | 3m | -"),
              line ->
                  assertThat(line)
                      .startsWith(" 7 | savepoint | COMPLETED | 10m | -")
                      .endsWith("| traffic | storage | yes | " + SAVEPOINT + " | -"));
      assertThat(console.err())
          .startsWith("trafficctl: Flink at " + flink.url() + " knows no job traffic; this is what")
          .hasLineCount(2);

      console.with("FLINK_CONF_DIR", null);
      assertThat(console.run("savepoint", "list", "--flink", flink.url(), "--storage", SHELF))
          .isZero();
      assertThat(console.out()).hasLineCount(1);
      assertThat(console.err())
          .contains(
              "trafficctl: "
                  + SHELF
                  + " cannot be read from this machine: shelf.root is not set\n");
    }
  }

  @Test
  void restartsFromWhatAPlugInCanReadAndRefusesWhatIsBroken() throws Exception {
    try (FakeFlink flink = forgetful()) {
      String[] latest = {
        "restart",
        "traffic",
        "--plan",
        "--from-checkpoint",
        "latest",
        "--flink",
        flink.url(),
        "--jar",
        StateFixture.jar(directory.resolve("job.jar"), "filter").toString(),
        "--allow-state-of-another-job",
        "--",
        "--kafka-url",
        "no-such-host.invalid:9",
        "--postgres-url",
        "jdbc:postgresql://p/t",
        "--postgres-user",
        "job"
      };
      assertThat(console.run(latest)).as(console.err()).isEqualTo(4);
      assertThat(console.err()).contains(CHECKPOINT + " holds state of the operator filter (");
      latest[8] = Files.writeString(directory.resolve("unlisted.jar"), "a jar").toString();
      assertThat(console.run(latest)).as(console.err()).isZero();
      assertThat(console.out())
          .contains(
              "start traffic with parallelism 2 from " + CHECKPOINT + "\n",
              "note: the newest checkpoint is of 2026-01-31T11:58:00Z, 2m ago: " + CHECKPOINT)
          .doesNotContain("was not checked");

      latest[3] = "--from-savepoint";
      latest[4] = SHELF + "/savepoint-aaaaaa-000000000000";
      assertThat(console.run(latest)).as(console.err()).isEqualTo(4);
      assertThat(console.err())
          .startsWith("trafficctl: " + latest[4] + " holds no _metadata, so it is no complete");
    }
  }

  @Test
  void looksBeforeItLetsFlinkDelete() throws Exception {
    try (FakeFlink flink = forgetful()) {
      assertThat(console.run("savepoint", "delete", SAVEPOINT, "--plan", "--flink", flink.url()))
          .isZero();
      assertThat(console.out()).contains(" 7  traffic  ").endsWith(SAVEPOINT + "\n");
      assertThat(
              console.run("savepoint", "delete", SHELF + "/gone", "--plan", "--flink", flink.url()))
          .isEqualTo(4);
      assertThat(console.err())
          .isEqualTo(
              "trafficctl: "
                  + SHELF
                  + "/gone holds no _metadata, so it is no complete savepoint or checkpoint;"
                  + " nothing was deleted\n");
    }
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
