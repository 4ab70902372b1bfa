package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PostgresTextTest {
  @Test
  void replacesWhatPostgresOrATerminalCannotTake() {
    assertThat(PostgresText.storable("a\u0000b\u001b[2J\n\u009b\uD83D ü 😀", 100))
        .isEqualTo("a\uFFFDb\uFFFD[2J\uFFFD\uFFFD\uFFFD ü 😀");
  }

  @Test
  void cutsBetweenCharacters() {
    assertThat(PostgresText.storable("abc", 2)).isEqualTo("ab");
    assertThat(PostgresText.storable("a😀", 2)).isEqualTo("a");
    assertThat(PostgresText.storable("a😀", 3)).isEqualTo("a😀");
  }

  @Test
  void nullStaysNull() {
    assertThat(PostgresText.storable(null, 10)).isNull();
  }
}
