package dev.trafficctl.cli.chaos;

import dev.trafficctl.cli.SharedStack;
import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.chaos.Machine.Command;
import dev.trafficctl.cli.chaos.Machine.JournalEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the JobManager at random moments of a change and starts it again: it comes back without any
 * memory of jobs and requests. The command ends by itself, and what it says is right.
 */
@ExtendWith(SharedStack.class)
class RestartedJobManagerIT {
  private static final List<Verb> VERBS =
      List.of(
          Verb.STOP,
          Verb.RESTART,
          Verb.SAVEPOINT,
          Verb.STOP,
          Verb.RESTART_FROM_CHECKPOINT,
          Verb.RESTART);
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Rounds rounds = Rounds.orElse(2);
  private final RandomGenerator random = rounds.random();
  private final Map<Verb, Duration> lives = new EnumMap<>(Verb.class);
  private final Findings findings = new Findings(this, rounds);

  @TempDir Path home;

  @Test
  void answersRightThoughTheJobManagerForgetsEverything() throws Exception {
    Machine machine = new Machine(home, SharedStack.directory());
    try (ChaosJob job = new ChaosJob("chaos-jobmanager")) {
      findings.runAll(job, round -> disturb(machine, job, VERBS.get(round % VERBS.size()), round));
    } finally {
      // Whatever happens, the tests that come get a whole stack.
      SharedStack.up(TestConsole.real(), SharedStack.directory());
    }
  }

  private void disturb(Machine machine, ChaosJob job, Verb verb, int round)
      throws InterruptedException {
    String before = job.awaitRunning();
    findings.wrong(round, job.belated());
    Set<String> onDisk = job.savepointsOnDisk();
    Set<String> known = new HashSet<>();
    machine.journal().forEach(entry -> known.add(entry.id()));
    Command command =
        machine.startAtTheGate(
            "alice", verb.of(job.name(), "--timeout", TIMEOUT.toSeconds() + "s"));
    command.awaitReady();
    command.letGo();
    Thread.sleep(random.nextLong(lives.getOrDefault(verb, verb.guess()).toMillis()));
    boolean alive = command.isAlive();
    ChaosJob.stack().kill("jobmanager");
    List<JournalEntry> killed = machine.added(known);
    ChaosJob.stack().start("jobmanager");
    Said said = command.await();
    if (!alive) {
      lives.merge(verb, said.took(), (one, other) -> one.compareTo(other) < 0 ? one : other);
    }
    SharedStack.up(TestConsole.real(), SharedStack.directory());
    Said resumed = machine.start("alice", "operations", "resume").await();
    Aftermath aftermath =
        job.after(machine, verb, before, onDisk, known, said.exitCode(), resumed.exitCode(), true);
    findings.count(aftermath.result() + (alive ? "" : ", which had ended before"));
    List<String> violations = aftermath.violations();
    // Each wait of a restart may take the time-out: for the end of one job and the start of one.
    Duration longest = TIMEOUT.multipliedBy(verb.isRestart() ? 2 : 1).plusSeconds(30);
    if (said.took().compareTo(longest) > 0) {
      violations.add("took " + said.took() + " with --timeout " + TIMEOUT);
    }
    findings.wrong(round, violations, aftermath, said, killed, resumed);
    bringBack(job, aftermath);
  }

  /** As the messages recommend: from the path that was told, else from the newest checkpoint. */
  private void bringBack(ChaosJob job, Aftermath aftermath) {
    String path =
        aftermath.verb() == Verb.SAVEPOINT
            ? null
            : aftermath.entries().stream()
                .map(JournalEntry::path)
                .filter(Objects::nonNull)
                .findFirst()
                .map(ChaosJob::plain)
                .orElse(null);
    if (path == null) {
      job.bringBack(home, aftermath.live(), "--from-checkpoint", "latest");
    } else {
      String option = path.matches(".*/chk-[0-9]+") ? "--from-checkpoint" : "--from-savepoint";
      job.bringBack(home, aftermath.live(), option, path);
    }
  }
}
