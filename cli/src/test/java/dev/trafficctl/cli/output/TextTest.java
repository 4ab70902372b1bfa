package dev.trafficctl.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTest {
  @Test
  void showsWhatATerminalWouldActOn() {
    assertThat(Text.safe("a\u0007b\u001b[2Jc\u009bd\u202ee\u2066f\u200fg\u2028h\r\n\u007f"))
        .isEqualTo(
            "a\\u0007b\\u001B[2Jc\\u009Bd\\u202Ee\\u2066f\\u200Fg\\u2028h\\u000D\\u000A\\u007F");
  }

  @Test
  void leavesOrdinaryTextAlone() {
    assertThat(Text.safe("tab\tnaïve 日本 🙂")).isEqualTo("tab\tnaïve 日本 🙂");
  }

  @Test
  void separatesThousands() {
    assertThat(Text.number(1_234_567)).isEqualTo("1,234,567");
    assertThat(Text.number(999)).isEqualTo("999");
  }
}
