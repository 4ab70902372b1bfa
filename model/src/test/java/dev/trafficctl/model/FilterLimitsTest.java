package dev.trafficctl.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is hostile or huge, in an event or in the filter document, takes time and stack in
 * proportion. The time-outs are a hundred times what it takes; a matcher that goes through a text
 * once for each dot of it takes many times as long as they allow.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FilterLimitsTest {
  private static final int LONGEST = Characters.MAX_UTF8_BYTES;
  private static final List<String> PIECES_OF_YAML =
      List.of(
          "[", "{", "- ", "? ", "a: {", "[{", "\"", "'", "|\n", "> ", "#", "&a ", "!a ", "*a ",
          "---\n", "%A ", "\n", "\t", " ", "a", "a: ", "a: b\n", "a: [b, ", "- a\n", "\\", ",",
          "? a\n", "a:\n", "\u00e9", "a b ", "'' ", "- - ", "'b\n\n", "x, ", ": ", "\u0000");
  private static final byte[] SOMEWHERE = {(byte) 192, 0, 2, 1};

  private static String longest(String piece) {
    return piece.repeat(LONGEST / piece.length());
  }

  static Stream<String> pieces() {
    return Stream.of(
        ".", "a.", ".b", "a", ":", "]", "[", "*", "/", "//", ";", "?", "%", "://", "É.");
  }

  @ParameterizedTest
  @MethodSource("pieces")
  void theLongestTextsAreMatchedOftenInLittleTime(String piece) {
    EventFilter filter =
        new EventFilter(
            FilterRules.parse(
                "hosts: {keep: [a.b, '*.b', '*."
                    + "a.".repeat(120)
                    + "b']}\npaths: {p: ['*.css', '*"
                    + ".a".repeat(490)
                    + "', '/a/*', '/a/b']}\nuser-agents: {u: ["
                    + "a".repeat(60)
                    + "b]}"));
    for (int i = 0; i < 100; i++) {
      String text = i + longest(piece);
      filter.drops(new WebEvent(SOMEWHERE, 0, null, "x.b", "/" + text, null, text));
      filter.drops(new WebEvent(SOMEWHERE, 0, null, text + "b", "https://" + text, null, ""));
    }
  }

  @Test
  void aHostHasAtMost253CharactersBesidesPortAndLastDot() {
    EventFilter filter = new EventFilter(FilterRules.parse("hosts: {keep: ['*.b']}"));
    String longest = "a.".repeat(125) + "a.b";

    assertThat(longest).hasSize(253);
    for (String host : List.of(longest, longest + ".", longest + ":65535", longest + ".:443")) {
      assertThat(filter.drops(host(host))).isEqualTo(EventFilter.KEEP);
    }
    for (String host : List.of("a" + longest, "a" + longest + ":80")) {
      assertThat(filter.rules().get(filter.drops(host(host)))).isEqualTo("other-hosts");
    }
  }

  private static WebEvent host(String host) {
    return new WebEvent(SOMEWHERE, 0, null, host, "/", null, null);
  }

  static Stream<String> longPatterns() {
    return Stream.of(
        "hosts: {keep: ['" + "a.".repeat(100_000) + "b']}",
        "hosts: {keep: ['" + "a".repeat(254) + "']}",
        "hosts: {keep: ['" + "ä.".repeat(10_000) + "b']}");
  }

  @ParameterizedTest
  @MethodSource("longPatterns")
  void refusesAHostThatIsTooLong(String document) {
    assertThatThrownBy(() -> FilterRules.parse(document))
        .isInstanceOf(FilterRulesException.class)
        .hasMessageMatching(
            "line 1, \"hosts\", \"keep\", \"[aä.]{60}…\": has [0-9,]+ characters; a host name has"
                + " at most 253 \\(RFC 1035\\)");
  }

  @ParameterizedTest
  @MethodSource("sections")
  void refusesAPatternThatIsTooLong(String section) {
    assertThatThrownBy(
            () -> FilterRules.parse(section + ": {x: ['/" + "a.".repeat(100_000) + "b']}"))
        .isInstanceOf(FilterRulesException.class)
        .hasMessage(
            "line 1, \""
                + section
                + "\", \"x\", \"/"
                + "a.".repeat(29)
                + "a…\": has 200,002 characters, more than the 1,000 allowed; shorten it");
  }

  static Stream<String> sections() {
    return Stream.of("paths", "user-agents", "networks");
  }

  @Test
  void tellsTheFirstOfManyProblemsAndHowManyMoreThereAre() {
    String hosts =
        IntStream.range(0, 20_000).mapToObj(i -> "  - a b" + i).collect(Collectors.joining("\n"));

    assertThatThrownBy(() -> FilterRules.parse("hosts:\n keep:\n" + hosts))
        .isInstanceOfSatisfying(
            FilterRulesException.class,
            e ->
                assertThat(e.getMessage().lines())
                    .hasSize(51)
                    .startsWith(
                        "line 3, \"hosts\", \"keep\", \"a b0\": is not a host name; write one like"
                            + " \"shop.example.com\" or \"*.example.com\"")
                    .endsWith("and 19,950 more problems like these; correct them all"));
  }

  /** A piece that is repeated, behind the beginnings of a document. */
  static Stream<String> hugeDocuments() {
    return Stream.of("", "paths:\n  a: [")
        .flatMap(
            beginning ->
                PIECES_OF_YAML.stream()
                    .map(
                        piece ->
                            beginning
                                + piece.repeat(
                                    (FilterRules.LARGEST_DOCUMENT - beginning.length())
                                        / piece.getBytes(UTF_8).length)));
  }

  @Test
  void theLargestDocumentsAreReadOrRefusedInLittleTime() {
    hugeDocuments()
        .forEach(
            document -> {
              try {
                assertThat(FilterRules.parse(document).names()).hasSizeLessThan(100);
              } catch (FilterRulesException e) {
                assertThat(e.getMessage().lines())
                    .hasSizeLessThan(52)
                    .allMatch(line -> line.length() < 400);
              }
            });
  }
}
