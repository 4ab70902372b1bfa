package dev.trafficctl.cli.chaos;

import dev.trafficctl.cli.SharedStack;
import dev.trafficctl.cli.chaos.Machine.Command;
import dev.trafficctl.cli.chaos.Machine.JournalEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lets two people change one job at the same moment, from one machine and from two: one does it,
 * the other is told so, and nothing is done twice.
 */
@ExtendWith(SharedStack.class)
class TwoOperatorsIT {
  private static final List<List<Verb>> PAIRS =
      List.of(
          List.of(Verb.RESTART, Verb.RESTART),
          List.of(Verb.STOP, Verb.STOP),
          List.of(Verb.SAVEPOINT, Verb.STOP),
          List.of(Verb.SAVEPOINT, Verb.SAVEPOINT),
          List.of(Verb.RESTART, Verb.STOP),
          List.of(Verb.STOP, Verb.CANCEL),
          List.of(Verb.RESTART, Verb.RESTART_FROM_CHECKPOINT));

  /** How much later than the first the second is let go, at most. */
  private static final int LATEST_MILLIS = 400;

  private final Rounds rounds = Rounds.orElse(4);
  private final RandomGenerator random = rounds.random();
  private final Findings findings = new Findings(this, rounds);

  @TempDir Path homes;

  @Test
  void oneDoesItAndTheOtherIsTold() throws Exception {
    Machine first = new Machine(Files.createDirectory(homes.resolve("1")), SharedStack.directory());
    Machine second =
        new Machine(Files.createDirectory(homes.resolve("2")), SharedStack.directory());
    try (ChaosJob job = new ChaosJob("chaos-race")) {
      findings.runAll(
          job,
          round -> {
            // The number of pairs is odd, so each comes with one machine and with two.
            Machine other = round % 2 == 0 ? first : second;
            race(first, other, job, PAIRS.get(round % PAIRS.size()), round);
          });
    }
  }

  private void race(Machine first, Machine second, ChaosJob job, List<Verb> pair, int round)
      throws InterruptedException {
    String before = job.awaitRunning();
    findings.wrong(round, job.belated());
    Set<String> onDisk = job.savepointsOnDisk();
    Set<String> known = new HashSet<>();
    first.journal().forEach(entry -> known.add(entry.id()));
    second.journal().forEach(entry -> known.add(entry.id()));
    boolean swapped = random.nextBoolean();
    Verb ofAlice = pair.get(swapped ? 1 : 0);
    Verb ofBob = pair.get(swapped ? 0 : 1);
    Command alice = first.startAtTheGate("alice", ofAlice.of(job.name(), discarding(ofAlice)));
    Command bob = second.startAtTheGate("bob", ofBob.of(job.name(), discarding(ofBob)));
    alice.awaitReady();
    bob.awaitReady();
    alice.letGo();
    Thread.sleep(random.nextInt(2) * random.nextLong(LATEST_MILLIS));
    bob.letGo();
    Race.Side one = side("alice", ofAlice, alice.await(), first, known);
    Race.Side other = side("bob", ofBob, bob.await(), second, known);
    job.awaitQuiet(before);
    job.roundIsOver();
    Set<String> made = job.savepointsOnDisk();
    made.removeAll(onDisk);
    Set<String> whole = new HashSet<>();
    for (Race.Side side : List.of(one, other)) {
      if (side.path() != null && Files.isRegularFile(Path.of(side.path(), "_metadata"))) {
        whole.add(side.path());
      }
    }
    List<String> live = job.liveNow();
    Race race =
        new Race(
            first == second,
            one,
            other,
            made,
            job.flink().savepointsAreApart(before),
            whole,
            before,
            job.flink().state(before).orElse(null),
            live);
    findings.count(race.result());
    findings.wrong(round, race.violations(), race);
    // Of a job that was cancelled the checkpoints are left, of one that was stopped the savepoint.
    String from = "CANCELED".equals(race.state()) ? "--from-checkpoint" : "--from-savepoint";
    job.bringBack(first.home(), live, from, "latest");
  }

  private static String[] discarding(Verb verb) {
    return verb == Verb.CANCEL ? new String[] {"--discard-state"} : new String[0];
  }

  private static Race.Side side(
      String user, Verb verb, Said said, Machine machine, Set<String> known) {
    List<JournalEntry> entries =
        machine.added(known).stream().filter(entry -> entry.by().startsWith(user + "@")).toList();
    return new Race.Side(user, verb, said, entries);
  }
}
