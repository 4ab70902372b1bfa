package dev.trafficctl.cli.operation.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.state.KnownState;
import dev.trafficctl.cli.state.StateFixture;
import dev.trafficctl.model.StartDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.flink.util.FileUtils;

/** {@code latest} takes the first that the list shows to be restorable. */
class NewestOfListTest {
  private static final Instant T0 = Instant.parse("2026-01-31T10:00:00Z");
  private static final String BEFORE = "b".repeat(32);
  private static final StartDescription ANOTHER_NAME =
      new StartDescription("orders", 2, List.of("--kafka-topic", "web traffic"), "0.1.0", "ab12");

  private static Path root;

  /**
   * A savepoint or checkpoint.
   *
   * @param seconds when it was triggered, and when its file was written if Flink has forgotten it
   * @param took how many seconds it took
   * @param among which of the two directories it lies in; 2 if in none that can be seen from here
   * @param remembered whether Flink remembers it: 0 no, 1 of the job, 2 of the one before it
   */
  record State(boolean savepoint, int seconds, int took, int among, int remembered, boolean ours) {}

  @BeforeContainer
  static void make() throws IOException {
    root = Files.createTempDirectory("states");
  }

  @AfterContainer
  static void remove() throws IOException {
    FileUtils.deleteDirectory(root.toFile());
  }

  @Provide
  Arbitrary<List<State>> states() {
    return Combinators.combine(
            Arbitraries.of(true, false),
            Arbitraries.integers().between(0, 5),
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(0, 2),
            Arbitraries.of(true, true, true, false))
        .as(State::new)
        .list()
        .ofMaxSize(8);
  }

  @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
  void theFirstRestorableOfTheListIsTheNewest(
      @ForAll("states") List<State> states,
      @ForAll boolean savepoint,
      @ForAll boolean oldOptions,
      @ForAll boolean oneDirectory)
      throws Exception {
    Path storage = Files.createTempDirectory(root, "try");
    Path checkpoints = Files.createDirectory(storage.resolve("checkpoints"));
    Path savepoints =
        oneDirectory ? checkpoints : Files.createDirectory(storage.resolve("savepoints"));
    List<String> current = new ArrayList<>();
    List<String> before = new ArrayList<>();
    for (int i = 0; i < states.size(); i++) {
      State state = states.get(i);
      String path = path(state, i, List.of(checkpoints, savepoints));
      if (state.among() < 2) {
        write(state, i, path);
      }
      if (state.remembered() > 0) {
        (state.remembered() == 1 ? current : before).add(entry(state, i, path));
      }
    }
    try (FakeFlink flink = new FakeFlink().withTraffic()) {
      flink.answer(
          "/jobs/overview",
          "{\"jobs\":[%s,%s]}"
              .formatted(
                  FakeFlink.job(BEFORE, "traffic", "FINISHED"),
                  FakeFlink.job(FakeFlink.JOB, "traffic", "RUNNING")));
      flink.answer("/jobs/" + FakeFlink.JOB + "/checkpoints", checkpoints(current));
      flink.answer("/jobs/" + BEFORE + "/checkpoints", checkpoints(before));
      String dir = oldOptions ? "state.%ss.dir" : "execution.checkpointing.%sdir";
      flink.answer(
          "/jobmanager/config",
          "[{\"key\":\"%s\",\"value\":\"file:%s\"},{\"key\":\"%s\",\"value\":\"file:%s\"}]"
              .formatted(
                  dir.formatted(oldOptions ? "checkpoint" : ""),
                  checkpoints,
                  dir.formatted(oldOptions ? "savepoint" : "savepoint-"),
                  savepoints));
      Cluster cluster = cluster(flink);

      Optional<String> taken =
          new NewestState(cluster)
              .newest("traffic", savepoint, cluster.flink().jobs(), JobLine.ANY)
              .found()
              .map(NewestState.Found::path);

      assertThat(taken)
          .isEqualTo(
              new StateSearch(cluster, "traffic", null, null)
                  .find(true).states().stream()
                      .filter(state -> state.savepoint() == savepoint)
                      .filter(state -> !Boolean.FALSE.equals(state.restorable()))
                      .map(KnownState::path)
                      .findFirst());
    }
  }

  private static Cluster cluster(FakeFlink flink) {
    return new Cluster(
        null,
        FlinkClient.at(flink.url(), new ShellCommands()),
        null,
        Map.of(),
        null,
        null,
        null,
        null,
        null,
        null,
        false,
        List.of(),
        null,
        Map.of(),
        new ShellCommands());
  }

  private static String path(State state, int number, List<Path> directories) {
    String name =
        state.savepoint()
            ? "savepoint-aaaaaa-%012x".formatted(number)
            : "%s/chk-%d".formatted(state.remembered() == 2 ? BEFORE : FakeFlink.JOB, number);
    return state.among() < 2
        ? "file:" + directories.get(state.among()).resolve(name)
        : "s3://b/" + name;
  }

  private static void write(State state, int number, String path) throws Exception {
    Path directory = Path.of(path.substring("file:".length()));
    StartDescription description =
        state.ours() || state.remembered() > 0 ? StateFixture.DESCRIPTION : ANOTHER_NAME;
    if (state.savepoint()) {
      StateFixture.savepointWithSource(directory, description, Map.of(0, 12L));
    } else {
      StateFixture.checkpoint(directory, number, description);
    }
    Files.setLastModifiedTime(
        directory.resolve("_metadata"), FileTime.from(T0.plusSeconds(state.seconds())));
  }

  private static String entry(State state, int number, String path) {
    return """
    {"id":%d,"status":"COMPLETED","is_savepoint":%s,"trigger_timestamp":%d,
     "end_to_end_duration":%d,"state_size":2048,"num_subtasks":2,"num_acknowledged_subtasks":2,
     "external_path":"%s"}\
    """
        .formatted(
            number,
            state.savepoint(),
            T0.plusSeconds(state.seconds()).toEpochMilli(),
            state.took() * 1000L,
            path);
  }

  private static String checkpoints(List<String> entries) {
    return FakeFlink.checkpoints("{}", entries.toArray(String[]::new));
  }
}
