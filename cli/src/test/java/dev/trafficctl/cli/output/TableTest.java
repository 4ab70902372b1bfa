package dev.trafficctl.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TableTest {
  private final StringWriter text = new StringWriter();

  @Test
  void putsNumbersToTheRightAndTextToTheLeft() {
    new Table("NAME", "EVENTS", "STATE")
        .row("read", 1_234_567L, "RUNNING")
        .row("a longer name", 7L, null)
        .row("unknown", null, "x")
        .print(new PrintWriter(text, true));
    assertThat(text.toString())
        .isEqualTo(
            """
            NAME              EVENTS  STATE
            read           1,234,567  RUNNING
            a longer name          7  -
            unknown                -  x
            """);
  }

  @Test
  void letsNoCellBreakOutOfItsRow() {
    new Table("NAME", "URL").row("a\nb", "x\ty\u001b[1m").print(new PrintWriter(text, true));
    assertThat(text.toString()).isEqualTo("NAME      URL\na\\u000Ab  x y\\u001B[1m\n");
  }

  @Test
  void alignsWhatTakesMoreOrFewerColumnsThanItHasCharacters() {
    new Table("NAME", "EVENTS")
        .row("交通", 1L)
        .row("e\u0301te\u0301", 2L)
        .row("\uD83D\uDE00", 3L)
        .row("plain", 4L)
        .print(new PrintWriter(text, true));
    assertThat(text.toString())
        .isEqualTo(
            "NAME   EVENTS\n"
                + "交通        1\n"
                + "e\u0301te\u0301         2\n"
                + "\uD83D\uDE00          3\n"
                + "plain       4\n");
  }
}
