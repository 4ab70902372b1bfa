package dev.trafficctl.cli.operation.change;

import dev.trafficctl.cli.flink.FlinkErrorException;
import dev.trafficctl.cli.flink.FlinkUnreachableException;
import dev.trafficctl.cli.output.Progress;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Waits for something in Flink, for a bounded time: looks often at first, more seldom later, and
 * goes on when the connection is lost and comes back.
 */
public final class Patience {
  private static final Duration FIRST = Duration.ofMillis(250);
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private final Clock clock;
  private final Sleeper sleeper;
  private final Progress progress;
  private final Duration timeout;
  private final Instant began;
  private Duration next = FIRST;
  private boolean lost;

  /** Begins to wait, for this long at most. */
  public Patience(Clock clock, Sleeper sleeper, Progress progress, Duration timeout) {
    this.clock = clock;
    this.sleeper = sleeper;
    this.progress = progress;
    this.timeout = timeout;
    this.began = clock.instant();
  }

  /** Another that ends with this one, or earlier. */
  public Patience atMost(Duration shorter) {
    Duration left = left();
    return new Patience(clock, sleeper, progress, left.compareTo(shorter) < 0 ? left : shorter);
  }

  /** How long it still waits; zero when the time is over. */
  public Duration left() {
    return isOver() ? Duration.ZERO : timeout.minus(elapsed());
  }

  /** How long it has waited so far. */
  public Duration elapsed() {
    return Duration.between(began, clock.instant());
  }

  /** How long it waits at most. */
  public Duration timeout() {
    return timeout;
  }

  /** Whether the time is over. */
  public boolean isOver() {
    return elapsed().compareTo(timeout) >= 0;
  }

  /** Waits until it is worth looking again. */
  public void pause() {
    sleeper.pause(next);
    Duration longer = next.multipliedBy(5).dividedBy(4);
    next = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
  }

  /**
   * Asks a question that changes nothing, again and again until there is an answer.
   *
   * @throws NoAnswerException when there was none until the time was over
   */
  public <T> T ask(Supplier<T> question) {
    while (true) {
      try {
        T answer = question.get();
        if (lost) {
          lost = false;
          progress.step("Flink answers again");
        }
        return answer;
      } catch (FlinkUnreachableException | FlinkErrorException e) {
        if (!isPassing(e)) {
          throw e;
        }
        if (isOver()) {
          throw new NoAnswerException(e.getMessage(), e);
        }
        tell(e);
        pause();
      } catch (CommandException e) {
        throw e;
      } catch (RuntimeException | Error e) {
        // Whatever an answer does to who reads it, it tells nothing of how the request ends.
        throw new NoAnswerException("no use can be made of an answer: " + Text.oneLine(e), e);
      }
    }
  }

  private void tell(CommandException e) {
    if (!lost) {
      lost = true;
      e.getMessage().lines().forEach(progress::step);
      progress.step("what was asked goes on in Flink; asking again for up to " + Text.age(left()));
    }
  }

  /** Whether the same question can have an answer later. */
  public static boolean isPassing(CommandException e) {
    return e instanceof FlinkUnreachableException
        || e.exitCode() == ExitCode.UNREACHABLE
        || (e instanceof FlinkErrorException error && error.status() >= 500);
  }
}
