package dev.trafficctl.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.SharedStack;
import dev.trafficctl.cli.chaos.Machine.Command;
import dev.trafficctl.cli.chaos.Machine.JournalEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the command line at random moments of a change: {@code operations resume} then finds out
 * how it ended, or finishes it.
 */
@ExtendWith(SharedStack.class)
class KilledCliIT {
  private static final List<Verb> VERBS =
      List.of(
          Verb.RESTART,
          Verb.STOP,
          Verb.SAVEPOINT,
          Verb.RESTART_FROM_CHECKPOINT,
          Verb.STOP,
          Verb.SAVEPOINT);

  private final Rounds rounds = Rounds.orElse(3);
  private final RandomGenerator random = rounds.random();
  private final Map<Verb, Life> lives = new EnumMap<>(Verb.class);
  private final Findings findings = new Findings(this, rounds);

  @TempDir Path home;

  /**
   * How an undisturbed command goes.
   *
   * @param asked after what time it is in the journal
   * @param busy after what time it has written its last step
   * @param all how long it takes
   */
  private record Life(Duration asked, Duration busy, Duration all) {}

  @Test
  void resumesWhateverWasKilled() throws Exception {
    Machine machine = new Machine(home, SharedStack.directory());
    try (ChaosJob job = new ChaosJob("chaos-killed")) {
      findings.runAll(
          job,
          round -> {
            Verb verb = VERBS.get(round % VERBS.size());
            if (!lives.containsKey(verb)) {
              measure(machine, job, verb);
            }
            disturb(machine, job, verb, round);
          });
    }
  }

  private void measure(Machine machine, ChaosJob job, Verb verb) throws InterruptedException {
    job.awaitRunning();
    int before = machine.journal().size();
    Command command = machine.start("alice", verb.of(job.name()));
    Instant began = Instant.now();
    Duration asked = awaitEntry(machine, before, command, began);
    Duration busy = awaitLastStep(machine, command, began);
    Said said = command.await();
    assertThat(said.exitCode()).as("undisturbed: %s", said).isZero();
    lives.put(verb, new Life(asked, busy, said.took()));
    job.bringBack(home, job.liveNow(), "--from-savepoint", "latest");
    job.roundIsOver();
  }

  /** Waits until the command has ended, and answers with when it wrote its last step. */
  private static Duration awaitLastStep(Machine machine, Command command, Instant began)
      throws InterruptedException {
    Duration last = Duration.between(began, Instant.now());
    int steps = 0;
    while (command.isAlive()) {
      int now = machine.journal().stream().mapToInt(entry -> entry.steps().size()).sum();
      if (now > steps) {
        steps = now;
        last = Duration.between(began, Instant.now());
      }
      Thread.sleep(5);
    }
    return last;
  }

  /** Waits until the journal has another entry, or the command has ended. */
  private static Duration awaitEntry(Machine machine, int before, Command command, Instant began)
      throws InterruptedException {
    while (machine.journal().size() == before && command.isAlive()) {
      Thread.sleep(2);
    }
    return Duration.between(began, Instant.now());
  }

  private void disturb(Machine machine, ChaosJob job, Verb verb, int round)
      throws InterruptedException {
    String before = job.awaitRunning();
    findings.wrong(round, job.belated());
    Set<String> onDisk = job.savepointsOnDisk();
    Set<String> known = new HashSet<>();
    machine.journal().forEach(entry -> known.add(entry.id()));
    Life life = lives.get(verb);
    Command command = machine.start("alice", verb.of(job.name()));
    Duration span = life.all();
    // Half of a command's life is spent on coming up, when there is nothing to go wrong yet.
    if (random.nextInt(4) > 0) {
      awaitEntry(machine, known.size(), command, Instant.now());
      // So is most of a restart's on watching what it has started.
      span = (random.nextBoolean() ? life.all() : life.busy()).minus(life.asked());
    }
    Thread.sleep(random.nextLong(span.toMillis() + 1));
    boolean alive = command.isAlive();
    command.kill();
    Said said = command.await();
    List<JournalEntry> killed = machine.added(known);
    if (random.nextInt(4) == 0) {
      Command resume = machine.start("alice", "operations", "resume");
      Thread.sleep(random.nextLong(2_000));
      resume.kill();
      resume.await();
    }
    Said resumed = machine.start("alice", "operations", "resume").await();
    Aftermath aftermath =
        job.after(
            machine,
            verb,
            before,
            onDisk,
            known,
            said.exitCode() == 137 ? null : said.exitCode(),
            resumed.exitCode(),
            false);
    findings.count(aftermath.result());
    findings.count("killed: " + (alive ? verb + " " + stage(killed) : verb + ", which had ended"));
    findings.wrong(round, aftermath.violations(), aftermath, said, killed, resumed);
    job.bringBack(home, aftermath.live(), "--from-savepoint", "latest");
  }

  private static String stage(List<JournalEntry> killed) {
    return killed.isEmpty()
        ? "before it asked"
        : killed.stream().map(entry -> entry.verb() + entry.steps()).toList().toString();
  }
}
