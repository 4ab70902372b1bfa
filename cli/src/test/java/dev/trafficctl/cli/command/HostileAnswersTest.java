package dev.trafficctl.cli.command;

import static dev.trafficctl.cli.ScriptedFlink.IN_PROGRESS;
import static dev.trafficctl.cli.ScriptedFlink.completed;
import static dev.trafficctl.cli.ScriptedFlink.failed;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.ScriptedFlink;
import dev.trafficctl.cli.TestConsole;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Flink whose answers are made to do harm to the program that reads them. */
class HostileAnswersTest {
  /** How many there are; 10,000 take some minutes. */
  private static final int ROUNDS = Integer.getInteger("trafficctl.hostile", 50);

  private static final long SEED = Long.getLong("trafficctl.seed", 11);
  private static final String PATH = HostileScene.PATH;
  private static final String JOB = "/jobs/" + FakeFlink.JOB;
  private static final String FINDS_OUT = "trafficctl operations resume ";

  /**
   * What one command may cost, of all threads of this process: what it works, so that a machine on
   * which much else goes on does not count. That it waits shows in the two other ways.
   */
  private static final Duration MOST_WORK = Duration.ofSeconds(5);

  /** The looks before and after the wait that {@code --timeout} is for have bounds of their own. */
  private static final Duration MOST_WAITING = HostileScene.TIMEOUT.plusSeconds(60);

  /** Only what hangs takes so long. */
  private static final Duration HANGS = Duration.ofMinutes(5);

  private final Map<List<String>, List<String>> asked = new HashMap<>();
  private final SortedMap<String, Integer> ends = new TreeMap<>();
  private Duration mostWork = Duration.ZERO;

  @TempDir Path directory;

  private TestConsole console() {
    return TestConsole.jumping().with("XDG_STATE_HOME", directory.toString());
  }

  private static ScriptedFlink flink() {
    return new ScriptedFlink()
        .does("stop", IN_PROGRESS, completed(PATH))
        .states("RUNNING", "RUNNING", "FINISHED");
  }

  private static String[] on(FakeFlink flink, List<String> words) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of("--flink", flink.url()));
    return all.toArray(String[]::new);
  }

  /** A class name of 100,000 packages. */
  private static String packages() {
    return "a.".repeat(100_000) + "B: x";
  }

  @Test
  void aNameThatOverflowsTheStackDoesNotHideThatTheJobIsStopped() {
    try (ScriptedFlink flink = flink()) {
      AtomicInteger asked = new AtomicInteger();
      flink
          .server()
          .disturb(
              (path, answer) ->
                  path.equals(JOB + "/status") && asked.incrementAndGet() == 3
                      ? FakeFlink.of(500, "{\"errors\":[\"" + packages() + "\"]}")
                      : answer);
      TestConsole console = console();
      assertThat(console.run(on(flink.server(), List.of("stop")))).as(console.err()).isZero();
      assertThat(console.out()).isEqualTo(PATH + "\n");
      assertThat(console.err()).contains("stopped traffic (" + FakeFlink.JOB + ")");
    }
  }

  @Test
  void aFailureWhoseNameOverflowsTheStackIsToldAsOne() {
    try (ScriptedFlink flink = flink()) {
      flink.does("stop", failed(packages())).states("RUNNING");
      TestConsole console = console();
      assertThat(console.run(on(flink.server(), List.of("stop")))).isEqualTo(1);
      assertThat(console.err())
          .startsWith("trafficctl: traffic (" + FakeFlink.JOB + ") was not stopped: a.a.a.")
          .endsWith(" ...\ntrafficctl: there is no savepoint, and the job is RUNNING\n")
          .hasSizeLessThan(3_000);
    }
  }

  @Test
  void noLineOfAnAnswerLooksLikeOneOfOurs() {
    try (ScriptedFlink flink = flink()) {
      flink
          .does("stop", failed("a.B: full\\ntrafficctl: stopped\\rtrafficctl: done\\n" + PATH))
          .states("RUNNING");
      TestConsole console = console();
      assertThat(console.run(on(flink.server(), List.of("stop")))).isEqualTo(1);
      assertThat(console.out()).isEqualTo("");
      assertThat(console.err())
          .isEqualTo(
              """
              trafficctl: traffic (%s) was not stopped: B: full
              trafficctl:   trafficctl: stopped
              trafficctl:   trafficctl: done
              trafficctl:   %s
              trafficctl: there is no savepoint, and the job is RUNNING
              """
                  .formatted(FakeFlink.JOB, PATH));
    }
  }

  @Test
  void aPathIsOneLine() {
    try (ScriptedFlink flink = flink()) {
      flink.does("stop", completed(PATH + "\\nfile:/elsewhere"));
      TestConsole console = console();
      assertThat(console.run(on(flink.server(), List.of("stop")))).as(console.err()).isZero();
      assertThat(console.out()).isEqualTo(PATH + "\\u000Afile:/elsewhere\n");
    }
  }

  @Test
  void aTraceForDebuggingIsEscapedAndSetIn() {
    try (ScriptedFlink flink = flink()) {
      flink
          .server()
          .answer(
              "/jobs/overview",
              500,
              "{\"errors\":[\"a.B: \\u001b[31mred\\ntrafficctl: stopped\"]}");
      TestConsole console = console();
      assertThat(console.run(on(flink.server(), List.of("jobs", "--debug")))).isEqualTo(1);
      assertThat(console.err())
          .startsWith(
              """
              trafficctl: Flink at %s answers with HTTP 500: B: \\u001B[31mred
                dev.trafficctl.cli.flink.FlinkErrorException: B: \\u001B[31mred
                  trafficctl: stopped
              """
                  .formatted(flink.server().url()))
          .doesNotContain("\u001b");
      assertThat(console.err().lines().filter(line -> line.startsWith("trafficctl: "))).hasSize(1);
    }
  }

  @Test
  void whateverAnAnswerHoldsTheExitCodeIsRight() {
    long began = System.nanoTime();
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(SEED + round);
      List<String> command =
          HostileScene.COMMANDS.get(random.nextInt(HostileScene.COMMANDS.size()));
      Round next = new Round(SEED + round, random, command);
      Assertions.assertTimeoutPreemptively(HANGS, next::play, next.name);
    }
    if (Boolean.getBoolean("trafficctl.hostile.report")) {
      System.out.printf(
          "%d rounds from seed %d in %d s; the dearest took %d ms of CPU; %s%n",
          ROUNDS,
          SEED,
          Duration.ofNanos(System.nanoTime() - began).toSeconds(),
          mostWork.toMillis(),
          ends);
    }
  }

  private static Duration work() {
    return Duration.ofNanos(
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime());
  }

  /** One command, and one endpoint that is hostile from one of its answers on. */
  private final class Round {
    private final String name;
    private final Random random;
    private final List<String> command;
    private final HostileAnswers answers;
    private final Path place;
    private String disturbed = "";

    Round(long seed, Random random, List<String> command) {
      this.name = "-Dtrafficctl.hostile=1 -Dtrafficctl.seed=" + seed + ": " + command;
      this.random = random;
      this.command = command;
      this.answers = new HostileAnswers(random);
      this.place = directory.resolve(Long.toString(seed));
    }

    private List<String> askedWithoutHarm(List<String> words) {
      try (HostileScene scene = new HostileScene(words, place.resolve("harmless"))) {
        int exitCode = scene.play();
        assertThat(exitCode).as(name + ": " + scene.console().err()).isZero();
        return List.copyOf(scene.requests());
      }
    }

    void play() {
      List<String> requests = asked.computeIfAbsent(command, this::askedWithoutHarm);
      String victim = requests.get(random.nextInt(requests.size()));
      String path = path(victim);
      int from = random.nextInt(3);
      boolean once = random.nextBoolean();
      AtomicInteger count = new AtomicInteger();
      try (HostileScene scene = new HostileScene(command, place)) {
        scene
            .server()
            .disturb(
                (other, answer) -> {
                  int number = other.equals(path) ? count.getAndIncrement() : -1;
                  boolean hit = once ? number == from : number >= from;
                  return hit ? answers.forPath(path) : answer;
                });
        disturbed = victim;
        Duration before = work();
        int exitCode = scene.play();
        Duration took = work().minus(before);
        mostWork = took.compareTo(mostWork) > 0 ? took : mostWork;
        ends.merge("exit " + exitCode, 1, Integer::sum);
        judge(scene, exitCode, took);
      }
    }

    private void judge(HostileScene scene, int exitCode, Duration took) {
      TestConsole console = scene.console();
      String what = "%s, %s: exit %d%n%s".formatted(name, disturbed, exitCode, console.err());
      assertThat(took).as(what).isLessThan(MOST_WORK);
      assertThat(scene.waited()).as(what).isLessThan(MOST_WAITING);
      // Each answer is sent as soon as it is asked for, as far as it goes.
      assertThat(console.err()).as(what).doesNotContain("no full answer within", "no connection");
      assertThat(exitCode).as(what).isIn(0, 1, 3, 4, 5, 6, 7);
      assertThat(console.err()).as(what).doesNotContain("unexpected");
      assertThat(console.out() + console.err())
          .as(what)
          .matches(text -> text.chars().noneMatch(c -> c < ' ' && c != '\n' && c != '\t'));
      assertThat(console.err().length()).as(what).isLessThan(50_000);
      if (command.contains("delete") && exitCode == 0) {
        assertThat(scene.stateIsThere()).as(what).isFalse();
      }
      List<String> changes =
          scene.requests().stream().filter(this::changes).map(Round::path).toList();
      if (!changes.isEmpty() && !changes.contains(path(disturbed))) {
        judgeChange(console, exitCode, what);
      }
    }

    private static String path(String request) {
      return request.substring(request.indexOf(' ') + 1);
    }

    private boolean changes(String request) {
      return request.startsWith("PATCH ")
          || request.startsWith("PUT ")
          || request.startsWith("POST ")
              && (request.endsWith("/stop")
                  || request.endsWith("/run")
                  || request.endsWith("/savepoint-disposal")
                  || request.endsWith("s/" + FakeFlink.JOB + "/savepoints")
                  || request.endsWith("s/" + FakeFlink.JOB + "/checkpoints"));
    }

    /** Once something was asked for, nobody is told that it failed but by Flink's own word. */
    private void judgeChange(TestConsole console, int exitCode, String what) {
      assertThat(exitCode).as(what).isNotIn(3, 5);
      if (exitCode == 4) {
        // A list of jobs that says that somebody else has started one.
        assertThat(console.err())
            .as(what)
            .containsAnyOf(" already: ", " has started the job ", " is not at its end; ");
      }
      if (exitCode == 1) {
        assertThat(console.err())
            .as(what)
            .containsAnyOf(
                "there is no savepoint, and the job is ",
                " failed: ",
                " has failed",
                " was not cancelled: ",
                " was not rescaled; ",
                " has ended meanwhile; ",
                "Flink could not delete ",
                " was taken: Flink does not know the request ",
                "was stopped or cancelled meanwhile",
                // What became of a jar whose id another answer had spoilt.
                "trafficctl: NotFoundException: not found");
      }
      if (exitCode == 6) {
        assertThat(console.err())
            .as(what)
            .containsAnyOf(
                FINDS_OUT,
                "look where savepoints go",
                "look for it with: ",
                "see what is left with: ",
                "start it ",
                "; see: ");
      }
      if (command.get(0).equals("stop")) {
        assertThat(console.out().lines().count()).as(what).isLessThanOrEqualTo(1);
      }
    }
  }
}
