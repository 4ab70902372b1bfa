package dev.trafficctl.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.chaos.Machine.JournalEntry;
import dev.trafficctl.cli.chaos.PlainFlink.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The judges find what they are there to find: each is shown one thing that is wrong. */
class JudgesTest {
  private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
  private static final String OLD = "a1b2c3000000000000000000000000aa";
  private static final String NEW = "d4e5f6000000000000000000000000bb";
  private static final String MADE = "/savepoints/savepoint-a1b2c3-0123456789ab";
  private static final String OTHER = "/savepoints/savepoint-a1b2c3-ba9876543210";

  private static JournalEntry entry(String verb, int from, int to, String outcome, String path) {
    return new JournalEntry(
        verb + "-" + from,
        verb,
        OLD,
        "alice@host",
        START.plusSeconds(from),
        List.of(),
        outcome,
        outcome == null ? null : START.plusSeconds(to),
        path,
        "");
  }

  private static JournalEntry entry(String verb, String outcome, String path) {
    return entry(verb, 0, 2, outcome, path);
  }

  private static Aftermath killed(
      Verb verb, List<JournalEntry> entries, Set<String> made, String state, List<String> live) {
    return new Aftermath(
        verb, null, 0, entries, made, Set.of(MADE, OTHER), OLD, state, live, MADE, false);
  }

  private static Aftermath savepoint(String outcome, String path, String... made) {
    return killed(
        Verb.SAVEPOINT,
        List.of(entry("savepoint", outcome, path)),
        Set.of(made),
        "RUNNING",
        List.of(OLD));
  }

  private static Aftermath stop(
      String outcome, String path, String state, List<String> live, String... made) {
    return killed(Verb.STOP, List.of(entry("stop", outcome, path)), Set.of(made), state, live);
  }

  @Test
  void believesWhatIsTrueAfterAKill() {
    assertThat(savepoint("done", MADE, MADE).violations()).isEmpty();
    assertThat(savepoint("failed", null).violations()).isEmpty();
    assertThat(stop("done", MADE, "FINISHED", List.of(), MADE).violations()).isEmpty();
    assertThat(stop("failed", null, "RUNNING", List.of(OLD)).violations()).isEmpty();
    assertThat(killed(Verb.STOP, List.of(), Set.of(), "RUNNING", List.of(OLD)).violations())
        .isEmpty();
    assertThat(
            killed(
                    Verb.RESTART,
                    List.of(entry("restart", "done", MADE), entry("stop", "done", MADE)),
                    Set.of(MADE),
                    "FINISHED",
                    List.of(NEW))
                .violations())
        .isEmpty();
  }

  @Test
  void findsASavepointThatNobodyKnows() {
    assertThat(savepoint("failed", null, MADE).violations())
        .containsExactly(
            "lies there, and its path is not known: " + MADE,
            "savepoint-0 is said to be failed, but there is [" + MADE + "]");
    assertThat(
            killed(Verb.SAVEPOINT, List.of(), Set.of(MADE), "RUNNING", List.of(OLD)).violations())
        .contains("made without a word in the journal: [" + MADE + "]");
  }

  @Test
  void findsAnUnknownOutcomeThatCouldBeKnown() {
    assertThat(savepoint("outcome_unknown", null).violations())
        .containsExactly(
            "savepoint-0 is said to be outcome_unknown, but Flink knows all: the job is RUNNING");
    assertThat(stop("outcome_unknown", null, "FINISHED", List.of(), MADE).violations())
        .contains("stop-0 is said to be outcome_unknown, but there is [" + MADE + "]");
  }

  @Test
  void findsAPathThatIsWrong() {
    assertThat(savepoint("done", null).violations())
        .containsExactly("savepoint-0 is said to be done, but without a path");
    assertThat(savepoint("done", MADE).violations())
        .containsExactly("said to be made in this round, but older: " + MADE);
    String gone = "/savepoints/savepoint-a1b2c3-000000000000";
    assertThat(savepoint("done", gone, gone).violations())
        .containsExactly("said to be there, but holds no _metadata: " + gone);
    String another = "/savepoints/savepoint-ffffff-000000000000";
    assertThat(savepoint("done", another, another).violations())
        .contains("said to be of " + OLD + ", but is of another job: " + another);
  }

  @Test
  void findsWhatWasDoneTwice() {
    assertThat(savepoint("done", MADE, MADE, OTHER).violations())
        .contains("made more than once: [" + MADE + ", " + OTHER + "]")
        .hasSize(2);
  }

  @Test
  void findsASecondLiveJob() {
    assertThat(
            killed(
                    Verb.RESTART,
                    List.of(entry("restart", "done", MADE)),
                    Set.of(MADE),
                    "FINISHED",
                    List.of(NEW, OLD))
                .violations())
        .contains("more than one job is live: [" + NEW + ", " + OLD + "]");
  }

  @Test
  void findsAJobThatIsNotAsItIsSaid() {
    assertThat(stop("done", MADE, "RUNNING", List.of(OLD), MADE).violations())
        .containsExactly("stop-0 is said to be done, but the job is RUNNING");
    assertThat(stop("failed", null, "FINISHED", List.of()).violations())
        .containsExactly("stop-0 is said to be failed, but the job is FINISHED");
    assertThat(stop("partly_done", MADE, "FINISHED", List.of(), MADE).violations())
        .containsExactly("stop-0 is said to be partly_done, but the job is FINISHED");
    assertThat(killed(Verb.STOP, List.of(), Set.of(), "FINISHED", List.of()).violations())
        .containsExactly("the job is FINISHED, and the journal knows of nothing");
    assertThat(
            killed(
                    Verb.RESTART,
                    List.of(entry("restart", "done", OTHER)),
                    Set.of(OTHER),
                    "FINISHED",
                    List.of(NEW))
                .violations())
        .containsExactly(
            "restart-0 is said to be done from "
                + OTHER
                + ", but the job was restored from "
                + MADE);
  }

  @Test
  void findsAnOpenEntryAndAWrongExitCode() {
    assertThat(savepoint(null, null).violations()).containsExactly("savepoint-0 is still open");
    Aftermath refused =
        new Aftermath(
            Verb.STOP,
            4,
            5,
            List.of(),
            Set.of(),
            Set.of(),
            OLD,
            "RUNNING",
            List.of(OLD),
            null,
            false);
    assertThat(refused.violations())
        .containsExactly("the command exits 4", "operations resume exits 5");
  }

  private static Race.Side side(String user, Verb verb, int exitCode, String out, String err) {
    return side(user, verb, exitCode, out, err, entry(verb.word(), 0, 2, "done", MADE));
  }

  private static Race.Side side(
      String user, Verb verb, int exitCode, String out, String err, JournalEntry... entries) {
    return new Race.Side(user, verb, new Said(exitCode, out, err, Duration.ZERO), List.of(entries));
  }

  private static Race stops(boolean sameMachine, Race.Side one, Race.Side other, String... made) {
    return new Race(
        sameMachine,
        one,
        other,
        Set.of(made),
        false,
        Set.of(MADE, OTHER),
        OLD,
        "FINISHED",
        List.of());
  }

  private static final Race.Side WINNER = side("alice", Verb.STOP, 0, MADE + "\n", "");

  @Test
  void believesWhatIsTrueAfterARace() {
    Race.Side refused =
        side(
            "bob",
            Verb.STOP,
            4,
            "",
            "alice@host (process 123) is doing stop on traffic",
            new JournalEntry[0]);
    assertThat(stops(true, WINNER, refused, MADE).violations()).isEmpty();
    Race.Side served = side("bob", Verb.STOP, 0, MADE + "\n", "");
    assertThat(stops(false, WINNER, served, MADE).violations()).isEmpty();
  }

  @Test
  void findsThatNobodyOrBothDidIt() {
    Race.Side failed = side("bob", Verb.STOP, 1, "", "it failed", entry("stop", "failed", null));
    assertThat(stops(true, failed, failed).violations()).contains("nobody did it");
    Race.Side second = side("bob", Verb.STOP, 0, MADE + "\n", "");
    assertThat(stops(true, WINNER, second, MADE).violations())
        .containsExactly("both did it at the same time, with one journal");
    Race.Side another = side("bob", Verb.STOP, 0, OTHER + "\n", "");
    assertThat(stops(false, WINNER, another, MADE, OTHER).violations())
        .containsExactly(
            "made more than once: [" + MADE + ", " + OTHER + "]",
            "both did it, with " + MADE + " and " + OTHER);
  }

  @Test
  void findsThatTheLoserIsNotTold() {
    Race.Side silent = side("bob", Verb.STOP, 4, "", "something is at work", new JournalEntry[0]);
    assertThat(stops(true, WINNER, silent, MADE).violations())
        .containsExactly(
            "bob's STOP (4) is not told that alice's STOP (0) did it: something is at work");
  }

  @Test
  void findsThatTheLoserDoesNotKnowTheSavepointOfTheWinner() {
    Race.Side unsure =
        side(
            "bob",
            Verb.STOP,
            6,
            "",
            "it does not run any more (FINISHED), and no savepoint is known",
            entry("stop", "outcome_unknown", null));
    assertThat(stops(false, WINNER, unsure, MADE).violations())
        .containsExactly("bob's STOP (6) knows of no savepoint, but there is [" + MADE + "]");
  }

  @Test
  void doesNotMindWhatIsDoneOneAfterTheOther() {
    Race.Side later =
        side("bob", Verb.SAVEPOINT, 0, OTHER + "\n", "", entry("savepoint", 3, 4, "done", OTHER));
    Race.Side earlier = side("alice", Verb.SAVEPOINT, 0, MADE + "\n", "");
    Race race =
        new Race(
            true,
            earlier,
            later,
            Set.of(MADE, OTHER),
            false,
            Set.of(MADE, OTHER),
            OLD,
            "RUNNING",
            List.of(OLD));
    assertThat(race.isOneAfterTheOther()).isTrue();
    assertThat(race.violations()).isEmpty();
  }

  @Test
  void doesNotMindASavepointThatFlinkHadCompletedWhenTheStopBegan() {
    Race.Side savepoint =
        side("bob", Verb.SAVEPOINT, 0, OTHER + "\n", "", entry("savepoint", 1, 4, "done", OTHER));
    Race.Side stop =
        side("alice", Verb.STOP, 0, MADE + "\n", "", entry("stop", 3, 5, "done", MADE));
    Set<String> both = Set.of(MADE, OTHER);
    assertThat(race(true, savepoint, stop, both).violations()).isEmpty();
    assertThat(race(false, savepoint, stop, both).violations())
        .containsExactly("made more than once: " + new TreeSet<>(both));
  }

  private static Race race(boolean apart, Race.Side one, Race.Side other, Set<String> made) {
    return new Race(false, one, other, made, apart, made, OLD, "FINISHED", List.of());
  }

  @Test
  void findsAStopThatDidNotStop() {
    Race.Side refused =
        side("bob", Verb.STOP, 4, "", "alice@host is doing stop", new JournalEntry[0]);
    Race race =
        new Race(
            true, WINNER, refused, Set.of(MADE), false, Set.of(MADE), OLD, "RUNNING", List.of(OLD));
    assertThat(race.violations())
        .containsExactly("alice's STOP (0) is done, but the job is RUNNING");
  }

  @Test
  void findsTwoLivesThatMeet() {
    JobWatch.Lives lives = new JobWatch.Lives();
    lives.look(List.of(new Job(OLD, "it", "RUNNING", START, null)), START.plusSeconds(5));
    assertThat(lives.breaches()).isEmpty();
    // No look shows both live, but Flink's own times do.
    lives.look(
        List.of(
            new Job(OLD, "it", "FINISHED", START, START.plusSeconds(10)),
            new Job(NEW, "it", "RUNNING", START.plusSeconds(9), null)),
        START.plusSeconds(12));
    assertThat(lives.breaches()).hasSize(1).first().asString().startsWith("lives meet: " + OLD);
  }

  @Test
  void findsTwoLiveAtOneLook() {
    JobWatch.Lives lives = new JobWatch.Lives();
    lives.look(
        List.of(
            new Job(OLD, "it", "CANCELLING", START, null),
            new Job(NEW, "it", "CREATED", START.plusSeconds(1), null)),
        START.plusSeconds(2));
    assertThat(lives.breaches()).hasSize(2);
    assertThat(lives.breaches().get(0)).contains("these were live: [" + OLD + ", " + NEW + "]");
  }

  @Test
  void doesNotMindAJobThatWasLostWithItsJobManager() {
    JobWatch.Lives lives = new JobWatch.Lives();
    lives.look(List.of(new Job(OLD, "it", "RUNNING", START, null)), START.plusSeconds(5));
    lives.look(
        List.of(new Job(NEW, "it", "RUNNING", START.plusSeconds(8), null)), START.plusSeconds(9));
    assertThat(lives.breaches()).isEmpty();
  }
}
