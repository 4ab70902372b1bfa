package dev.trafficctl.cli.runbook;

import dev.trafficctl.cli.runbook.Runbook.Block;
import dev.trafficctl.cli.runbook.Runbook.Piece;
import dev.trafficctl.cli.runbook.Runbook.Prose;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Executes a page from top to bottom: each command of its {@code console} blocks, each of its
 * {@code sql} blocks, and what a person does where its text says so.
 *
 * <p>A block whose paragraph says to repeat it, such as <i>Repeat it for up to 60 s</i>, has one
 * command, which is run until it prints what the page shows.
 */
final class RunbookRun {
  private static final Pattern REPEAT = Pattern.compile("[Rr]epeat\\b.*\\bup to (\\d+) (s|min)\\b");
  private static final Duration BETWEEN = Duration.ofMillis(500);

  private final Shell shell;
  private final Consumer<String> sql;
  private final Map<String, Runnable> deeds;
  private final ExampleValues values;

  /**
   * With what stands behind a page.
   *
   * @param sql executes a statement
   * @param deeds what to do where the text of the page contains the key
   * @param values the examples whose real values are known already
   */
  RunbookRun(Shell shell, Consumer<String> sql, Map<String, Runnable> deeds, ExampleValues values) {
    this.shell = shell;
    this.sql = sql;
    this.deeds = deeds;
    this.values = values;
  }

  /**
   * Executes the page.
   *
   * @throws AssertionError when a command does otherwise than the page shows
   */
  void run(Runbook page) {
    Set<String> due = new HashSet<>(deeds.keySet());
    Optional<Duration> repeat = Optional.empty();
    for (Piece piece : page.pieces()) {
      if (piece instanceof Prose prose) {
        doDeeds(prose, due);
        repeat = repeat(prose);
      } else if (piece instanceof Block block) {
        run(page, block, repeat);
        repeat = Optional.empty();
      }
    }
    if (!due.isEmpty()) {
      throw new AssertionError(page.file() + " no longer says: " + due);
    }
  }

  private void doDeeds(Prose prose, Set<String> due) {
    for (String text : List.copyOf(due)) {
      if (prose.text().contains(text)) {
        due.remove(text);
        deeds.get(text).run();
      }
    }
  }

  /** For how long the text says to repeat what follows it. */
  static Optional<Duration> repeat(Prose prose) {
    Matcher matcher = REPEAT.matcher(prose.text());
    if (!matcher.find()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return Optional.of(
        matcher.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMinutes(number));
  }

  private void run(Runbook page, Block block, Optional<Duration> repeat) {
    if (block.language().equals("sql")) {
      sql.accept(values.toReal(block.text()));
      return;
    }
    List<Step> steps = Step.of(block);
    if (repeat.isPresent()) {
      if (steps.size() != 1) {
        throw new AssertionError(
            page.file() + ":" + block.line() + ": only one command can be repeated");
      }
      repeat(page, steps.get(0), repeat.get());
    } else {
      for (Step step : steps) {
        attempt(page, step)
            .ifPresent(
                difference -> {
                  throw new AssertionError(difference);
                });
      }
    }
  }

  private void repeat(Runbook page, Step step, Duration most) {
    AtomicReference<String> last = new AtomicReference<>();
    try {
      Awaitility.await()
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(BETWEEN)
          // Above zero, so that there is one attempt at least.
          .timeout(most.plusMillis(1))
          .until(
              () -> {
                Optional<String> difference = attempt(page, step);
                last.set(difference.orElse(null));
                return difference.isEmpty();
              });
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("after " + most.toSeconds() + " s: " + last.get(), e);
    }
  }

  /** Runs a command and tells how it differs from what the page shows. */
  private Optional<String> attempt(Runbook page, Step step) {
    List<String> words = step.words().stream().map(values::toReal).toList();
    Shell.Result result = shell.run(words);
    List<String> wrong = new ArrayList<>();
    if (result.exitCode() != step.exitCode()) {
      wrong.add("exit code " + result.exitCode() + ", but the page has " + step.exitCode());
    }
    new Comparison(values).difference(step.output(), result.output()).ifPresent(wrong::add);
    if (wrong.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "%s:%d: the page is stale\n$ %s\n%s\nall that was printed:\n%s"
            .formatted(
                page.file(),
                step.line(),
                step.command(),
                String.join("\n", wrong),
                result.output().stream()
                    .map(values::toExample)
                    .reduce("", (text, line) -> text + line + "\n")));
  }
}
