package dev.trafficctl.cli.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final String ONE = "11111111111111111111111111111111";
  private static final String TWO = "22222222222222222222222222222222";
  private static final String REAL_ONE = "a1b2c3d4e5f60718293a4b5c6d7e8f90";
  private static final String REAL_TWO = "b1b2c3d4e5f60718293a4b5c6d7e8f90";

  private final ExampleValues values = new ExampleValues();
  private final Comparison comparison = new Comparison(values);

  private Optional<String> difference(String page, String printed) {
    return comparison.difference(page.lines().toList(), printed.lines().toList());
  }

  @Test
  void showsTheLinesThatDiffer() {
    assertThat(
            difference(
                """
                JOB      STATE    RESTARTS
                traffic  RUNNING         3
                see: trafficctl exceptions
                """,
                """
                JOB      STATE       RESTARTS
                traffic  RESTARTING        12
                see: trafficctl exceptions
                bye
                """))
        .contains(
            """
            - on the page, + printed:
              JOB      STATE       RESTARTS
            - traffic  RUNNING         3
            + traffic  RESTARTING        12
              see: trafficctl exceptions
            + bye
            """);
  }

  @Test
  void missesALineAndSeesOneTooMany() {
    assertThat(difference("a\nb\n", "a\n")).isPresent();
    assertThat(difference("a\n", "a\nb\n")).isPresent();
    assertThat(difference("a\n\nb\n", "a\nb\n")).isPresent();
    assertThat(difference("", "a\n")).isPresent();
    assertThat(difference("a\n", "")).isPresent();
    assertThat(difference("a\nb\n", "b\na\n")).isPresent();
    assertThat(difference("a\nb\n", "a\nb\n\n")).isEmpty();
  }

  @Test
  void leavesOutWhatThePageLeavesOut() {
    assertThat(difference("a\n...\nd\n", "a\nb\nc\nd\n")).isEmpty();
    assertThat(difference("a\n...\n", "a\n")).isEmpty();
    assertThat(difference("...\nd\n...\n", "a\nd\ne\n")).isEmpty();
    assertThat(difference("a\n...\ne\n", "a\nb\nc\nd\n")).isPresent();
    assertThat(difference("refused by ...\n", "refused by 127.0.0.1\n")).isEmpty();
    assertThat(difference("refused by ...\n", "taken by 127.0.0.1\n")).isPresent();
  }

  @Test
  void learnsTheRealValuesOfExamples() {
    assertThat(
            difference(
                "job " + ONE + " at 2026-01-31T12:00:00Z",
                "job " + REAL_ONE + " at 2026-11-23T07:00:00Z"))
        .isEmpty();
    assertThat(values.toReal("--job " + ONE + " --from 2026-01-31T12:00:00Z"))
        .isEqualTo("--job " + REAL_ONE + " --from 2026-11-23T07:00:00Z");
    assertThat(values.toExample("/cp/" + REAL_ONE + "/chk-3")).isEqualTo("/cp/" + ONE + "/chk-3");
  }

  @Test
  void learnsNothingFromWhatDiffers() {
    assertThat(difference("job " + ONE + "\na", "job " + REAL_ONE + "\nb")).isPresent();
    assertThat(values.toReal(ONE)).isEqualTo(ONE);
  }

  @Test
  void refusesTwoJobsWhereThePageShowsOne() {
    assertThat(difference(ONE + "\n" + ONE, REAL_ONE + "\n" + REAL_TWO)).isPresent();
  }

  @Test
  void refusesOneJobWhereThePageShowsTwo() {
    assertThat(difference(ONE + "\n" + TWO, REAL_ONE + "\n" + REAL_ONE)).isPresent();
  }

  @Test
  void refusesTheOtherOfTwoKnownJobs() {
    assertThat(difference(ONE + "\n" + TWO, REAL_ONE + "\n" + REAL_TWO)).isEmpty();
    assertThat(difference(TWO, REAL_TWO)).isEmpty();
    assertThat(difference(TWO, REAL_ONE)).isPresent();
  }

  @Test
  void replacesNoPartOfALongerWord() {
    values.put("chk-1", "chk-7");
    assertThat(values.toReal("chk-1 chk-12 xchk-1")).isEqualTo("chk-7 chk-12 xchk-1");
  }
}
