package dev.trafficctl.cli.operation.change;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.journal.Asked;
import dev.trafficctl.cli.journal.Entry;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.journal.Journal;
import dev.trafficctl.cli.output.Progress;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.cli.process.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What an operation works with.
 *
 * @param cluster where it is done
 * @param journal where it is written down
 * @param clock the time
 * @param sleeper how to wait
 * @param progress where steps are told
 * @param timeout how long it is waited for
 * @param begun is told the operation's id once it is written down, so that a user who leaves can be
 *     told how to come back; null once it has ended
 */
public record Session(
    Cluster cluster,
    Journal journal,
    Clock clock,
    Sleeper sleeper,
    Progress progress,
    Duration timeout,
    Consumer<String> begun) {

  /** For a command: with this user's journal, and steps told on stderr. */
  public static Session of(
      Cluster cluster, Environment environment, Duration timeout, Consumer<String> begun) {
    return new Session(
        cluster,
        Journal.of(environment),
        environment.clock(),
        environment.sleeper(),
        new Progress(environment.err(), environment.terminal()),
        timeout,
        begun);
  }

  /** Tells something of one or more lines. */
  public void tell(String text) {
    text.lines().forEach(progress::step);
  }

  /** Where it is done. */
  public FlinkClient flink() {
    return cluster.flink();
  }

  /** What somebody types next about the cluster. */
  public NextCommands next() {
    return cluster.next();
  }

  /** Begins to wait, for as long as the user said. */
  public FlinkDeadline deadline() {
    return deadline(timeout);
  }

  /** Begins to wait, for this long at most. */
  public FlinkDeadline deadline(Duration time) {
    return new FlinkDeadline(clock, sleeper, progress, time);
  }

  /**
   * Does something that is in the journal from before its first request until its end.
   *
   * @param lock the right to change the job
   * @param work gets the entry, and answers with how it ended
   */
  public Result journaled(JobLock lock, Asked asked, Function<Entry, Result> work) {
    try (Entry entry = journal.begin(lock, asked)) {
      return orBrokenOff(
          entry.id(), asked.verb() + " of " + Text.safe(asked.job()), () -> ended(entry, work));
    }
  }

  /**
   * Does what may have sent a request; whatever ends it without words of its own leaves open what
   * became of that.
   *
   * @param what the operation, such as {@code stop of traffic}
   * @throws CommandException with {@link ExitCode#OUTCOME_UNKNOWN} and the command that finds out
   */
  private Result orBrokenOff(String id, String what, Supplier<Result> work) {
    try {
      return work.get();
    } catch (BrokenOffException e) {
      // A part of this one.
      throw new BrokenOffException(id, what, e.getCause(), next());
    } catch (CommandException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      throw new BrokenOffException(id, what, e, next());
    }
  }

  /** Does it, and writes down how it ended. */
  public Result ended(Entry entry, Function<Entry, Result> work) {
    begun.accept(entry.id());
    Result result = work.apply(entry);
    progress.done();
    if (!result.open()) {
      note(() -> entry.end(result.outcome(), result.path(), result.message()));
      begun.accept(null);
    }
    return result;
  }

  /** Writes down what was done. That it cannot be written does not undo it. */
  public void done(Entry entry, String step, Map<String, String> details) {
    note(() -> entry.step(step, details));
  }

  private void note(Runnable writing) {
    try {
      writing.run();
    } catch (CommandException e) {
      tell("warning: " + e.getMessage());
    }
  }
}
