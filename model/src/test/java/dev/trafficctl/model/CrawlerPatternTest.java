package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrawlerPatternTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Googlebot\\/; Googlebot/",
        "SSL Labs \\(https:; SSL Labs (https:",
        "[pP]ingdom; ingdom",
        "^dcrawl; dcrawl",
        "(sistrix|SISTRIX) [cC]rawler; rawler",
        "S[eE][mM]rushBot; rushBot",
        "Automaton|Newsify Feed; Automaton,Newsify Feed",
        "BlogTraffic\\/\\d\\.\\d+ Feed-Fetcher; ' Feed-Fetcher'",
        "abcd?efgh; efgh",
        "abcd*; abc",
        "abcd+ef; abcd",
        "abc{2,3}defg; defg",
        "abc[d\\]e]f(g|(h))ijkl; ijkl",
        "AdsBot-Google([^-]|$); AdsBot-Google",
      })
  void knowsTextsWithoutWhichItDoesNotMatch(String pattern, String words) {
    assertThat(CrawlerPattern.of(pattern).words()).isEqualTo(List.of(words.split(",")));
  }

  @Test
  void refusesAPatternThatWouldHaveToBeComparedWithEverything() {
    for (String pattern : List.of("", "[a-z]+", "abcd|x", "a.b.c", "abc?")) {
      assertThatIllegalArgumentException().as(pattern).isThrownBy(() -> CrawlerPattern.of(pattern));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CrawlerPattern.of("abc(d"))
        .withMessage("the pattern abc(d lacks a )");
  }

  @Test
  void anExpressionIsNotComparedWithWhatNoClientSends() {
    String words = "x".repeat(4_090);

    assertThat(CrawlerPattern.of("abcd$").isIn(words + " abcd")).isTrue();
    assertThat(CrawlerPattern.of("abcd$").isIn(words + "   abcd")).isFalse();
    assertThat(CrawlerPattern.of("abcd").isIn(words + "   abcd")).isTrue();
  }

  @Test
  void theEndIsBehindALineEndToo() {
    assertThat(CrawlerPattern.of("SSL Labs$").isIn("SSL Labs")).isTrue();
    assertThat(CrawlerPattern.of("SSL Labs$").isIn("SSL Labs\n")).isFalse();
  }

  /** What the list means is what a regular expression means. */
  @Property
  void matchesWhatTheRegularExpressionsOfTheListMatch(
      @ForAll("entries") CrawlerPattern pattern, @ForAll("userAgents") String userAgent) {
    String text = userAgent.replace("PATTERN", String.join(" ", pattern.words()));

    // The list is one of JavaScript's expressions: what Java means by $ is met before a last line
    // end too.
    String javas = pattern.source().replace("$", "\\z");
    boolean matches = Pattern.compile(javas).matcher(text).find();

    assertThat(pattern.isIn(text)).isEqualTo(matches);
    if (matches) {
      assertThat(pattern.words()).anyMatch(text::contains);
    }
  }

  @Provide
  Arbitrary<CrawlerPattern> entries() {
    return Arbitraries.of(
        CrawlerList.bundled().entries().stream().map(CrawlerList.Entry::pattern).toList());
  }

  @Provide
  Arbitrary<String> userAgents() {
    Arbitrary<String> pieces =
        Arbitraries.of("PATTERN", "PATTERN", " ", "/", "-", "1.2", "P", "w", "W", "Bot", "C", "\n");
    return Combinators.combine(pieces.list().ofMaxSize(6), Arbitraries.of("", "PATTERN"))
        .as((all, end) -> String.join("", all) + end);
  }
}
