package dev.trafficctl.cli.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GeodataSpellingTest {
  private static String spelled(String json) {
    byte[] spelled = GeodataSpelling.postgres(json);
    return spelled == null ? null : new String(spelled, UTF_8);
  }

  @Test
  void spellsAnObjectAsPostgresDoes() {
    assertThat(
            spelled(
                "{\"country\":\"NL\",\"region\":\"\\\"N\\\\\",\"city\":\"Zürich, {x}\","
                    + "\"latitude\":\"1.5\",\"longitude\":\"\\t2\"}"))
        .isEqualTo(
            "{\"city\": \"Zürich, {x}\", \"region\": \"\\\"N\\\\\", \"country\": \"NL\","
                + " \"latitude\": \"1.5\", \"longitude\": \"\\t2\"}");
    assertThat(spelled("{\"city\":\"A\"}")).isEqualTo("{\"city\": \"A\"}");
    assertThat(spelled("{\"b\":\"1\",\"aa\":\"2\",\"a\":\"3\",\"ab\":\"4\"}"))
        .isEqualTo("{\"a\": \"3\", \"b\": \"1\", \"aa\": \"2\", \"ab\": \"4\"}");
  }

  @Test
  void givesUpOnAnythingElse() {
    for (String other :
        new String[] {
          "",
          "{",
          "{}",
          "[]",
          "null",
          "{\"a\":1}",
          "{\"a\":\"b\"",
          "{\"a\":\"b\"}x",
          "{\"a\" :\"b\"}",
          "{\"a\":\"b\",}",
          "{\"a\":\"b\\\"}",
          "{\"a\"",
          "{\"a\":",
          "{a:b}"
        }) {
      assertThat(spelled(other)).as(other).isNull();
    }
  }

  @Test
  void comparesValuesWhereTheSpellingDiffers() {
    assertThat(
            GeodataSpelling.isSame(
                "{\"a\":\"\\u00fc\",\"b\":\"1\"}", "{\"b\": \"1\", \"a\": \"ü\"}"))
        .isTrue();
    assertThat(GeodataSpelling.isSame("{\"a\":\"1\"}", "{\"a\": 1}")).isFalse();
    assertThat(GeodataSpelling.isSame("{\"a\":\"1\"}", "{}")).isFalse();
    assertThat(GeodataSpelling.isSame("{\"a\":\"1\"}", "{")).isFalse();
  }
}
