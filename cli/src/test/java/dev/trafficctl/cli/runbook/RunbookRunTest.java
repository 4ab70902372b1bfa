package dev.trafficctl.cli.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunbookRunTest {
  private static final String REAL = "/data/savepoint-a1b2c3-0123456789ab";

  /** Everything that was done, in order. */
  private final List<String> done = new ArrayList<>();

  private final Deque<Shell.Result> answers = new ArrayDeque<>();
  private final ExampleValues values = new ExampleValues();

  private void answer(int exitCode, String... lines) {
    answers.add(new Shell.Result(Arrays.asList(lines), exitCode));
  }

  private void run(String markdown, Map<String, Runnable> deeds) {
    Shell shell =
        words -> {
          done.add(String.join("|", words));
          return answers.remove();
        };
    new RunbookRun(shell, done::add, deeds, values)
        .run(RunbookReader.read(Path.of("page.md"), markdown));
  }

  private void run(String markdown) {
    run(markdown, Map.of());
  }

  @Test
  void executesCommandsWithWhatEarlierOnesPrinted() {
    answer(0, "stopped", REAL);
    answer(0);
    run(
        """
        # Maintenance

        1. Stop it.

           ```console
           $ trafficctl stop traffic
           stopped
           /data/savepoint-111111-222222222222
           ```

        2. Start it.

           ```console
           $ trafficctl restart traffic \\
                 --from-savepoint /data/savepoint-111111-222222222222
           ```
        """);
    assertThat(done)
        .containsExactly(
            "trafficctl|stop|traffic", "trafficctl|restart|traffic|--from-savepoint|" + REAL);
  }

  @Test
  void saysWhereAPageIsStale() {
    answer(0, "running");
    assertThatThrownBy(
            () ->
                run(
                    """
                    # Page

                    ```console
                    $ trafficctl status
                    stopped
                    ```
                    """))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            """
            page.md:4: the page is stale
            $ trafficctl status
            - on the page, + printed:
            - stopped
            + running

            all that was printed:
            running
            """);
  }

  @Test
  void expectsTheExitCodeThatThePageShows() {
    String page =
        """
        # Page

        ```console
        $ trafficctl status
        down
        $ echo $?
        3
        ```
        """;
    answer(3, "down");
    run(page);
    answer(0, "down");
    assertThatThrownBy(() -> run(page)).hasMessageContaining("exit code 0, but the page has 3");
    answer(1, "down");
    assertThatThrownBy(() -> run("```console\n$ trafficctl status\ndown\n```\n"))
        .hasMessageContaining("exit code 1, but the page has 0");
  }

  @Test
  void repeatsACommandWhereThePageSaysSo() {
    answer(0, "RESTARTING");
    answer(0, "RUNNING");
    run(
        """
        Repeat this for up to 60 s, until it prints RUNNING:

        ```console
        $ trafficctl status
        RUNNING
        ```
        """);
    assertThat(done).hasSize(2);
  }

  @Test
  void repeatsNothingElse() {
    answer(0, "RESTARTING");
    assertThatThrownBy(
            () ->
                run(
                    """
                    Repeat this for up to 60 s:

                    Then look.

                    ```console
                    $ trafficctl status
                    RUNNING
                    ```
                    """))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void givesUpRepeating() {
    answer(0, "RESTARTING");
    assertThatThrownBy(
            () ->
                run(
                    """
                    Repeat this for up to 0 s:

                    ```console
                    $ trafficctl status
                    RUNNING
                    ```
                    """))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("after 0 s: page.md:4");
  }

  @Test
  void doesWhatAPersonDoesWhereThePageSaysSo() {
    answer(0);
    run(
        """
        Make Postgres answer again.

        ```console
        $ trafficctl status
        ```
        """,
        Map.of("Make Postgres answer", () -> done.add("deed")));
    assertThat(done).containsExactly("deed", "trafficctl|status");
    assertThatThrownBy(() -> run("Look.", Map.of("Make Postgres answer", () -> {})))
        .hasMessage("page.md no longer says: [Make Postgres answer]");
  }

  @Test
  void executesSql() {
    values.put("2026-01-31T12:00:00Z", "2026-11-23T07:00:00Z");
    run("```sql\nDELETE WHERE time >= '2026-01-31T12:00:00Z';\n```\n");
    assertThat(done).containsExactly("DELETE WHERE time >= '2026-11-23T07:00:00Z';\n");
  }

  @Test
  void keepsQuotedWordsTogether() {
    answer(0);
    run("```console\n$ trafficctl restart --set 'filter=a b' --to \"c d\"\n```\n");
    assertThat(done).containsExactly("trafficctl|restart|--set|filter=a b|--to|c d");
  }

  @Test
  void refusesABlockThatBeginsWithoutACommand() {
    assertThatThrownBy(() -> run("```console\ntrafficctl status\n```\n"))
        .hasMessage("line 2: a command begins with `$ `");
    assertThatThrownBy(() -> run("```console\n$ echo $?\n3\n```\n"))
        .hasMessage("line 2: `echo $?` follows a command and prints one number");
  }
}
