package dev.trafficctl.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
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

  @Test
  void shortensLengthsOfTimeToTwoUnits() {
    assertThat(Text.age(Duration.ofMillis(999))).isEqualTo("0s");
    assertThat(Text.age(Duration.ofSeconds(-1))).isEqualTo("0s");
    assertThat(Text.age(Duration.ofMillis(12_999))).isEqualTo("12s");
    assertThat(Text.age(Duration.ofSeconds(60))).isEqualTo("1m");
    assertThat(Text.age(Duration.ofSeconds(185))).isEqualTo("3m 5s");
    assertThat(Text.age(Duration.ofSeconds(3_599))).isEqualTo("59m 59s");
    assertThat(Text.age(Duration.ofSeconds(3_600 + 59))).isEqualTo("1h");
    assertThat(Text.age(Duration.ofHours(52))).isEqualTo("2d 4h");
    assertThat(Text.age(Duration.ofMillis(Long.MAX_VALUE))).isEqualTo("106751991167d 7h");
  }

  @Test
  void anyLengthOfTimeCanBeReadBackToWithinItsSmallerUnit() {
    Map<String, Long> units = Map.of("s", 1L, "m", 60L, "h", 3_600L, "d", 86_400L);
    Random random = new Random(3);
    for (int i = 0; i < 10_000; i++) {
      long seconds = random.nextLong() >>> (1 + random.nextInt(62));
      String text = Text.age(Duration.ofSeconds(seconds));
      assertThat(text).matches("\\d+s|\\d+m( [1-5]?\\ds)?|\\d+h( [1-5]?\\dm)?|\\d+d( [12]?\\dh)?");
      long back = 0;
      long largest = 0;
      for (MatchResult part : Pattern.compile("(\\d+)([smhd])").matcher(text).results().toList()) {
        long unit = units.get(part.group(2));
        back += Long.parseLong(part.group(1)) * unit;
        largest = Math.max(largest, unit);
      }
      long below = largest == 86_400 ? 3_600 : Math.max(1, largest / 60);
      assertThat(seconds - back).as(text).isBetween(0L, below - 1);
    }
  }

  @Test
  void givesSizesInTheLargestUnit() {
    assertThat(Text.bytes(0)).isEqualTo("0 B");
    assertThat(Text.bytes(1_023)).isEqualTo("1023 B");
    assertThat(Text.bytes(1_024)).isEqualTo("1.0 KiB");
    assertThat(Text.bytes(1_536)).isEqualTo("1.5 KiB");
    assertThat(Text.bytes(1_048_575)).isEqualTo("1023.9 KiB");
    assertThat(Text.bytes(2L << 30)).isEqualTo("2.0 GiB");
    assertThat(Text.bytes(Long.MAX_VALUE)).isEqualTo("7.9 EiB");
  }

  @Test
  void anySizeIsItsValueCutOffAfterOneDigit() {
    Random random = new Random(4);
    for (int i = 0; i < 10_000; i++) {
      long bytes = random.nextLong() >>> (1 + random.nextInt(52));
      String[] parts = Text.bytes(bytes).split(" ", -1);
      long unit = 1L << (10 * "BKMGTPE".indexOf(parts[1].charAt(0)));
      BigDecimal exact = BigDecimal.valueOf(bytes).divide(BigDecimal.valueOf(unit));
      assertThat(new BigDecimal(parts[0]))
          .isBetween(BigDecimal.ONE.min(exact), BigDecimal.valueOf(1023.9))
          .isEqualByComparingTo(exact.setScale(1, RoundingMode.DOWN));
    }
  }

  @Test
  void aWordOfACommandIsOneWordInOneLine() {
    assertThat(Text.argument("s3://b/savepoint-1")).isEqualTo("s3://b/savepoint-1");
    assertThat(Text.argument("a b;ü'$(x)")).isEqualTo("'a b;ü'\\''$(x)'");
    assertThat(Text.argument("a'b\\c\nd")).isEqualTo("\"$(printf 'a\\047b\\134c\\012d')\"");
  }

  @Test
  void ofAForeignTextOnlyTheFirstLineBeginsALine() {
    assertThat(Text.quoted("a\nb\r\nc\rd\n")).isEqualTo("a\n  b\n  c\n  d");
    assertThat(Text.oneLine("a\n  b\r\nc", 20)).isEqualTo("a b c");
    assertThat(Text.oneLine("abcdef", 3)).isEqualTo("abc ...");
  }
}
