package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.state.StateFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What the commands that change a job make of names, paths and records that are none. */
class BadInputTest {
  private static final Map<String, List<String>> CHANGES = new LinkedHashMap<>();

  static {
    CHANGES.put("cancel", List.of());
    CHANGES.put("checkpoint", List.of());
    CHANGES.put("rescale", List.of("--parallelism", "2"));
    CHANGES.put("savepoint", List.of());
    CHANGES.put("stop", List.of());
  }

  private final ScriptedFlink flink = new ScriptedFlink();
  private final TestConsole console = TestConsole.jumping();

  @TempDir Path directory;

  @BeforeEach
  void keepTheJournalApart() {
    console.with("XDG_STATE_HOME", directory.resolve("state").toString());
  }

  @AfterEach
  void close() {
    flink.close();
  }

  private int run(String verb, List<String> options, String... arguments) {
    List<String> all = new ArrayList<>();
    all.add(verb);
    all.addAll(options);
    all.addAll(List.of("--flink", flink.server().url()));
    all.addAll(List.of(arguments));
    return console.run(all.toArray(String[]::new));
  }

  private void nothingWasChanged() {
    assertThat(flink.server().requests()).allMatch(request -> request.startsWith("GET "));
    assertThat(directory.resolve("state/trafficctl/operations"))
        .satisfiesAnyOf(
            operations -> assertThat(operations).doesNotExist(),
            operations -> assertThat(operations).isEmptyDirectory());
  }

  @TestFactory
  List<DynamicTest> whatIsNoJobNeverBecomesPartOfAPath() {
    List<DynamicTest> tests = new ArrayList<>();
    CHANGES.forEach(
        (verb, options) -> {
          for (String job :
              List.of(
                  "../jars",
                  "%252f..",
                  "a".repeat(31),
                  "A".repeat(32),
                  "a".repeat(32) + "\n",
                  "traffic\nforged: line",
                  "\u001b[31m")) {
            tests.add(
                DynamicTest.dynamicTest(
                    verb + " " + job.replaceAll("\\p{Cntrl}", "?"),
                    () -> {
                      int before = flink.server().requests().size();
                      assertThat(run(verb, options, "--", job)).isEqualTo(1);
                      assertThat(console.out()).isEqualTo("");
                      assertThat(console.err())
                          .isEqualTo(
                              "trafficctl: Flink at "
                                  + flink.server().url()
                                  + " knows no job with the name or id '"
                                  + job.replace("\n", "\\u000A").replace("\u001b", "\\u001B")
                                  + "'; see: trafficctl jobs --flink "
                                  + flink.server().url()
                                  + "\n");
                      List<String> requests = flink.server().requests();
                      assertThat(requests.subList(before, requests.size()))
                          .containsOnly("GET /jobs/overview");
                      nothingWasChanged();
                    }));
          }
        });
    return tests;
  }

  @TestFactory
  List<DynamicTest> anAmbiguousNameIsRefused() {
    String other = "c".repeat(32);
    flink
        .server()
        .answer(
            "/jobs/overview",
            "{\"jobs\":["
                + FakeFlink.job(FakeFlink.JOB, "traffic", "RUNNING")
                + ","
                + FakeFlink.job(other, "traffic", "RESTARTING")
                + "]}");
    return CHANGES.entrySet().stream()
        .map(
            change ->
                DynamicTest.dynamicTest(
                    change.getKey(),
                    () -> {
                      assertThat(run(change.getKey(), change.getValue(), "traffic")).isEqualTo(4);
                      assertThat(console.err())
                          .isEqualTo(
                              "trafficctl: more than one job fits: traffic ("
                                  + FakeFlink.JOB
                                  + "), traffic ("
                                  + other
                                  + "); give the id of the one that you mean\n");
                      nothingWasChanged();
                    }))
        .toList();
  }

  @TestFactory
  List<DynamicTest> noTerminalActsOnTheNameOfAJob() {
    String name = "tr\\u001b]0;x\\u0007\\u202eaffic\\ntrafficctl: forged";
    flink
        .server()
        .answer(
            "/jobs/overview", "{\"jobs\":[" + FakeFlink.job(FakeFlink.JOB, name, "RUNNING") + "]}");
    // What succeeds has other words than what fails.
    flink
        .does("savepoint", ScriptedFlink.completed("file:/s/\\u001b1"))
        .history(ScriptedFlink.checkpoint(7, false, "COMPLETED", "file:/c/\\u001bchk-7"));
    List<DynamicTest> tests = new ArrayList<>();
    CHANGES.forEach(
        (verb, options) -> {
          for (String plan : List.of("--plan", "--timeout=5s")) {
            tests.add(
                DynamicTest.dynamicTest(
                    verb + " " + plan,
                    () -> {
                      run(verb, options, plan);
                      assertThat(console.out() + console.err())
                          .doesNotContain("\u001b", "\u0007", "\u202e", "unexpected", "\tat ");
                      assertThat((console.out() + console.err()).lines())
                          .noneMatch(line -> line.replace("trafficctl: ", "").startsWith("forged"));
                    }));
          }
        });
    return tests;
  }

  @Test
  void aJournalThatLacksWhatItsVerbNeedsIsOneLine() throws Exception {
    Path operations = Files.createDirectories(directory.resolve("state/trafficctl/operations"));
    for (String verb : List.of("cancel", "checkpoint", "rescale", "restart", "savepoint", "stop")) {
      String id = verb + "-20260131-110000-0000";
      Path file =
          Files.writeString(
              operations.resolve(id + ".jsonl"),
              """
              {"record":"asked","version":1,"id":"%s","verb":"%s","flink":"%s","jobId":"%s","job":"traffic",\
              "by":"alice@ops1","pid":1,"at":"2026-01-31T11:00:00Z","options":{}}
              """
                  .formatted(id, verb, flink.server().url(), FakeFlink.JOB));
      assertThat(console.run("operations", "resume", id, "--flink", flink.server().url()))
          .as(verb + ": " + console.err())
          .isIn(1, 6);
      assertThat(console.err())
          .as(verb)
          .doesNotContain("unexpected", "\tat ")
          .contains("trafficctl: ");
      Files.delete(file);
    }
    assertThat(flink.server().requests()).allMatch(request -> request.startsWith("GET "));
  }

  @Test
  void aSavepointWithAnyNameIsDeletedAndNoOther() throws Exception {
    Path empty = Files.createDirectories(directory.resolve("a b;ü'\"$(x)/savepoint-aaaaaa-1"));
    assertThat(run("savepoint", List.of("delete"), empty.toString())).isEqualTo(4);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: "
                + empty
                + " holds no _metadata, so it is no complete savepoint or checkpoint; nothing was"
                + " deleted\n");
    Path whole = StateFixture.savepoint(directory.resolve("c d;ü/savepoint-aaaaaa-2"));
    flink.server().answer("/savepoint-disposal", 500, "{\"errors\":[\"a.B: \\u001b[31mno\"]}");
    assertThat(run("savepoint", List.of("delete"), whole.toString())).isEqualTo(1);
    assertThat(console.err()).isEqualTo("trafficctl: B: \\u001B[31mno\n");
    assertThat(flink.server().bodies())
        .containsExactly("{\"savepoint-path\":\"file:" + whole + "\"}");
  }
}
