package dev.trafficctl.cli.operation.change;

import dev.trafficctl.cli.flink.FlinkErrorException;
import dev.trafficctl.cli.flink.FlinkUnreachableException;
import dev.trafficctl.cli.output.Progress;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Deadline;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Waits for something in Flink, for a bounded time: looks often at first, more seldom later, and
 * goes on when the connection is lost and comes back.
 */
public final class FlinkDeadline extends Deadline {
  private static final Duration FIRST = Duration.ofMillis(250);
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private final Progress progress;
  private boolean lost;

  /** Begins to wait, for this long at most. */
  public FlinkDeadline(Clock clock, Sleeper sleeper, Progress progress, Duration timeout) {
    super(clock, sleeper, clock.instant(), timeout, FIRST, LONGEST);
    this.progress = progress;
  }

  private FlinkDeadline(FlinkDeadline longer, Duration timeout) {
    super(longer, timeout, FIRST, LONGEST);
    progress = longer.progress;
  }

  /** Another that ends with this one, or earlier. */
  public FlinkDeadline atMost(Duration shorter) {
    Duration left = left();
    return new FlinkDeadline(this, left.compareTo(shorter) < 0 ? left : shorter);
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
