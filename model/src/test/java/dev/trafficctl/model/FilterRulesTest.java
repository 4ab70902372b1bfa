package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterRulesTest {
  @Test
  void everyProblemIsReportedAtOnceInTheOrderOfTheDocument() {
    refuses(
        """
        networks:
          internal: ["10.0.0.1/8", "10.0.0.0", "nowhere"]
          bots: ["::1/128"]
        hosts:
          keep: ["a b", "*"]
          drop: ["x"]
        user-agents:
          bots: ["", ~, [a]]
          Bad Name: ["xy"]
          other-hosts: ["xy"]
          none: []
        path:
          x: ["*.css"]
        """,
        "line 2, \"networks\", \"internal\", \"10.0.0.1/8\": has bits set after the prefix; write"
            + " \"10.0.0.0/8\" for the network or \"10.0.0.1/32\" for this one address",
        "line 2, \"networks\", \"internal\", \"10.0.0.0\": has no prefix length; write"
            + " \"10.0.0.0/32\" for this one address",
        "line 2, \"networks\", \"internal\", \"nowhere\": is not a network; write one like"
            + " \"192.0.2.0/24\" or \"2001:db8::/32\"",
        "line 3, \"networks\", \"bots\": the name is used already on line 8; take another",
        "line 5, \"hosts\", \"keep\", \"a b\": is not a host name; write one like"
            + " \"shop.example.com\" or \"*.example.com\"",
        "line 5, \"hosts\", \"keep\", \"*\": would keep every host; leave out the section"
            + " \"hosts\" instead",
        "line 6, \"hosts\", \"drop\": is not known; use keep",
        "line 8, \"user-agents\", \"bots\": has an empty pattern; write one or remove it",
        "line 8, \"user-agents\", \"bots\": has an empty pattern; write one or remove it",
        "line 8, \"user-agents\", \"bots\": has a pattern that is a list; put it in quotes",
        "line 9, \"user-agents\", \"Bad Name\": is not a rule name; write 1 to 40 lower-case"
            + " letters, digits and hyphens",
        "line 10, \"user-agents\", \"other-hosts\": the name is reserved for \"hosts\"; take"
            + " another",
        "line 11, \"user-agents\", \"none\": has no patterns; write at least one, or remove"
            + " \"user-agents\", \"none\"",
        "line 12, \"path\": is not known; use hosts, paths, user-agents, networks");
  }

  @Test
  void everyProblemOfAMappingAmongUserAgentsIsReported() {
    refuses(
        """
        user-agents:
          a:
            - {name: crawler-user-agents}
            - {list: crawlers}
            - list: crawler-user-agents
              tags: [feed-reader, bots]
              without: [Feedly, 'Googlebot/']
              only: ["x"]
            - {list: crawler-user-agents, tags: feed-reader}
            - {whole: []}
            - {whole: ["", "*", [b]], list: crawler-user-agents}
        paths:
          b: [{list: crawler-user-agents}]
        """,
        "line 3, \"user-agents\", \"a\": has a mapping that is not known; write {list:"
            + " crawler-user-agents}, {whole: [\"…\"]} or a text in quotes",
        "line 4, \"user-agents\", \"a\", \"list\": is not a list that is known; use"
            + " crawler-user-agents",
        "line 6, \"user-agents\", \"a\", \"tags\", \"bots\": is no tag of the list; use academic,"
            + " advertising, ai-crawler, archiver, browser-automation, feed-reader, http-library,"
            + " monitoring, scanner, search-engine, seo, social-preview",
        "line 7, \"user-agents\", \"a\", \"without\", \"Googlebot/\": is no pattern of the list;"
            + " write it as it stands there, in single quotes, or remove it",
        "line 8, \"user-agents\", \"a\", \"only\": is not known here; use list, tags, without",
        "line 9, \"user-agents\", \"a\", \"tags\": is not a list with something in it; write"
            + " [\"…\", \"…\"]",
        "line 10, \"user-agents\", \"a\", \"whole\": is not a list with something in it; write"
            + " [\"…\", \"…\"]",
        "line 11, \"user-agents\", \"a\", \"list\": is not known here; use whole",
        "line 11, \"user-agents\", \"a\", \"whole\": has an item that is nothing; put it in"
            + " quotes",
        "line 11, \"user-agents\", \"a\", \"whole\", \"*\": is blank; write a text or remove it",
        "line 11, \"user-agents\", \"a\", \"whole\": has an item that is a list; put it in quotes",
        "line 13, \"paths\", \"b\": has a pattern that is a mapping; put it in quotes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2001:db8::1/32 | has bits set after the prefix; write \"2001:db8::/32\" for the network or"
            + " \"2001:db8::1/128\" for this one address",
        "2001:DB8::1 | has no prefix length; write \"2001:db8::1/128\" for this one address",
        "::ffff:10.0.0.0/104 | is IPv4 in an IPv6 form; write \"10.0.0.0/8\", which matches both"
            + " forms",
        "10.0.0.0/33 | is not a network; write one like \"192.0.2.0/24\" or \"2001:db8::/32\"",
        "10.0.0.0/255.0.0.0 | is not a network; write one like \"192.0.2.0/24\" or"
            + " \"2001:db8::/32\"",
        "10.0/16 | is not a network; write one like \"192.0.2.0/24\" or \"2001:db8::/32\"",
        "010.0.0.0/8 | is not a network; write one like \"192.0.2.0/24\" or \"2001:db8::/32\"",
        "10.0.0.*/24 | is not a network; write one like \"192.0.2.0/24\" or \"2001:db8::/32\"",
        "10.0.0-3.0/24 | is not a network; write one like \"192.0.2.0/24\" or \"2001:db8::/32\"",
        "0xa.0.0.0/8 | is not a network; write one like \"192.0.2.0/24\" or \"2001:db8::/32\"",
        "fe80::%eth0/10 | is not a network; write one like \"192.0.2.0/24\" or \"2001:db8::/32\"",
        "/8 | is not a network; write one like \"192.0.2.0/24\" or \"2001:db8::/32\"",
        "* | is not a network; write one like \"192.0.2.0/24\" or \"2001:db8::/32\"",
      })
  void refusesANetwork(String network, String problem) {
    refuses(
        "networks: {n: [\"" + network + "\"]}",
        "line 1, \"networks\", \"n\", \"" + network + "\": " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://a.example | is not a host name; write it without scheme and path",
        "a.example/b | is not a host name; write it without scheme and path",
        "a.example:443 | is not a host name; write it without the port, which is not compared",
        "a.example. | is not a host name; write it without the dot at its end, which is not"
            + " compared",
        "a.*.example | has a \"*\" that is not the first label; write an exact host or"
            + " \"*.suffix\"",
        "*a.example | has a \"*\" that is not the first label; write an exact host or"
            + " \"*.suffix\"",
        "*.Bücher.example | is not ASCII; write \"*.xn--bcher-kva.example\"",
        "-a.example | is not a host name; write one like \"shop.example.com\" or"
            + " \"*.example.com\"",
        "*. | is not a host name; write one like \"shop.example.com\" or \"*.example.com\"",
        "a..b | is not a host name; write one like \"shop.example.com\" or \"*.example.com\"",
      })
  void refusesAHost(String host, String problem) {
    refuses(
        "hosts: {keep: [\"" + host + "\"]}",
        "line 1, \"hosts\", \"keep\", \"" + host + "\": " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "css | is not a path pattern; write \"*.ext\", \"/exact/path\" or \"/prefix/*\"",
        "*css | is not a path pattern; write \"*.ext\", \"/exact/path\" or \"/prefix/*\"",
        "*. | is not a path pattern; write \"*.ext\", \"/exact/path\" or \"/prefix/*\"",
        "*.a/b | is not a path pattern; write \"*.ext\", \"/exact/path\" or \"/prefix/*\"",
        "/a/*/b | is not a path pattern; write \"*.ext\", \"/exact/path\" or \"/prefix/*\"",
        "*/* | is not a path pattern; write \"*.ext\", \"/exact/path\" or \"/prefix/*\"",
        "*//* | is not a path pattern; write \"*.ext\", \"/exact/path\" or \"/prefix/*\"",
        "! | is not a path pattern; write \"*.ext\", \"/exact/path\" or \"/prefix/*\"",
        "!css | is not a path pattern; write \"*.ext\", \"/exact/path\" or \"/prefix/*\"",
        "!!*.css | is an exception from an exception; write one \"!\"",
        "/a* | is not a path pattern; write \"*.ext\", \"/exact/path\" or \"/prefix/*\"",
        "/* | would drop every event; write a longer prefix, or remove it",
        "/a?b=c | can never match: a path has no space, query, fragment or parameters; write only"
            + " what is before them",
        "/a b | can never match: a path has no space, query, fragment or parameters; write only"
            + " what is before them",
      })
  void refusesAPath(String path, String problem) {
    refuses(
        "paths: {p: [\"" + path + "\"]}", "line 1, \"paths\", \"p\", \"" + path + "\": " + problem);
  }

  @Test
  void refusesABlankUserAgent() {
    refuses(
        "user-agents: {u: [' ']}",
        "line 1, \"user-agents\", \"u\", \" \": is blank, which nearly every user agent contains;"
            + " write a text or remove it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0/0", "::/0"})
  void refusesEveryAddress(String network) {
    refuses(
        "networks: {n: ['" + network + "']}",
        "line 1, \"networks\", \"n\", \""
            + network
            + "\": is every address, so that every event would be dropped; write a smaller network,"
            + " or remove it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Mozilla", "mozilla/5.0", "/5.", "la", "/5.0 ("})
  void refusesATextThatEveryBrowserHas(String text) {
    refuses(
        "user-agents: {u: ['" + text + "']}",
        "line 1, \"user-agents\", \"u\", \""
            + text
            + "\": would drop what every browser sends, because their user agents begin with"
            + " \"Mozilla/5.0 (\"; write another text, or remove it");
  }

  @Test
  void refusesABeginningThatEveryBrowserHas() {
    refuses(
        "user-agents: {u: [{whole: ['Mozilla/*', 'Mozilla/5.0 (X11*']}]}",
        "line 1, \"user-agents\", \"u\", \"whole\", \"Mozilla/*\": would drop what every browser"
            + " sends, because their user agents begin with \"Mozilla/5.0 (\"; write a longer"
            + " text, or remove it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "*", "Q", "ü", "😀"})
  void refusesOneCharacter(String text) {
    assertThatThrownBy(() -> FilterRules.parse("user-agents: {u: ['" + text + "']}"))
        .isInstanceOf(FilterRulesException.class)
        .hasMessageStartingWith("line 1, \"user-agents\", \"u\", \"" + text + "\": is ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        ".* .*",
        "bot.* .*",
        "bot.+ .+",
        "*bot* *",
        "bot* *",
        "^curl ^",
        "bot$ $",
        "bot|crawler t|c",
        "Googlebot\\/ \\/",
        "\\bbot \\b",
        "(?i)bot (?",
        "[pP]ingdom [pP]",
        "[0-9]bot [0-9",
        "bot[^a-z] [^",
        "(sis|SIS)Bot s|S",
        "(bot)+ )+",
        "x{2,3} {2,3}",
      })
  void refusesATextThatIsMeantAsAPattern(String text, String found) {
    refuses(
        "user-agents: {u: ['" + text + "']}",
        "line 1, \"user-agents\", \"u\", \""
            + text
            + "\": is compared as it stands, so that \""
            + found
            + "\" stands for nothing else; write a text that is part of the user agents, such as"
            + " \"bot/\", each by itself");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "k6",
        "wv)",
        "[FBAN/FBIOS;FBAV",
        "(+http://example.org/bot?id=1)",
        "C++ client",
        "a | b",
        "Mozilla/5.0 (compatible",
        "{\"app\":\"x\"}",
        "$Rev: 7",
      })
  void takesWhatStandsInUserAgents(String text) {
    assertThat(FilterRules.parse("user-agents: {u: ['" + text + "']}").names())
        .containsExactly("u");
  }

  @Test
  void refusesOtherShapes() {
    refuses("- a", "line 1, document: is a list; write a mapping with sections");
    refuses("yes and no", "line 1, document: is a text; write a mapping with sections");
    refuses(
        "paths: [a]\nhosts: 7\nuser-agents:\n  bots: curl/\n  tools:\nnetworks:\n  n: {a: b}\n",
        "line 1, \"paths\": is a list; write a mapping with rule names with lists of patterns",
        "line 2, \"hosts\": is a text; write a mapping with \"keep\"",
        "line 4, \"user-agents\", \"bots\": is a text, not a list; write its patterns as"
            + " [\"…\", \"…\"]",
        "line 5, \"user-agents\", \"tools\": has no patterns; write at least one, or remove"
            + " \"user-agents\", \"tools\"",
        "line 7, \"networks\", \"n\": is a mapping, not a list; write its patterns as"
            + " [\"…\", \"…\"]");
    refuses(
        "hosts:\n  keep:\npaths:\n  p:\n  - ~\n  - 404\n",
        "line 2, \"hosts\", \"keep\": has no patterns; write at least one, or remove \"hosts\","
            + " \"keep\"",
        "line 5, \"paths\", \"p\": has an empty pattern; write one or remove it",
        "line 6, \"paths\", \"p\", \"404\": is not a path pattern; write \"*.ext\", \"/exact/path\" or"
            + " \"/prefix/*\"");
    refuses(
        "? [a]\n: b\npaths:\n  ~: [/a]\n",
        "line 1, document: has a key that is a list; write a name",
        "line 4, \"paths\": has a key that is nothing; write a name");
  }

  @Test
  void refusesAKeyThatIsThereTwice() {
    refuses(
        "paths:\n  a: [\"*.css\"]\n  a: [\"*.js\", \"js\"]\npaths:\n  b: [\"/b\"]\n",
        "line 3, \"paths\", \"a\": is there already on line 2; keep one of the two",
        "line 4, \"paths\": is there already on line 1; keep one of the two");
  }

  @Test
  void refusesWhatYamlMakesOfPatternsWithoutQuotes() {
    refuses(
        "paths:\n  a: [*css, \"*.js\"]\n  b: &b [/b]\n  *b : [/c]\n  d:\n  - &d /d\n  - !e\n",
        "line 2, \"paths\", \"a\": \"*css\" without quotes is a YAML alias, which is not supported;"
            + " put it in quotes, or remove it",
        "line 3, \"paths\", \"b\": \"&b\" without quotes is a YAML anchor, which is not supported;"
            + " put it in quotes, or remove it",
        "line 4, \"paths\": \"*b\" without quotes is a YAML alias, which is not supported;"
            + " put it in quotes, or remove it",
        "line 6, \"paths\", \"d\": \"&d\" without quotes is a YAML anchor, which is not supported;"
            + " put it in quotes, or remove it",
        "line 7, \"paths\", \"d\": \"!e\" without quotes is a YAML tag, which is not supported;"
            + " put it in quotes, or remove it",
        "line 7, \"paths\", \"d\": has an empty pattern; write one or remove it");
  }

  @Test
  void refusesTagsThatChangeNothing() {
    refuses(
        "paths:\n  a:\n  - !!str /x\n  - ! /y\n",
        "line 3, \"paths\", \"a\": \"tag:yaml.org,2002:str\" without quotes is a YAML tag, which is"
            + " not supported; put it in quotes, or remove it",
        "line 4, \"paths\", \"a\": \"!\" without quotes is a YAML tag, which is not supported; put it"
            + " in quotes, or remove it");
  }

  @Test
  void tellsTheProblemsBeforeALineThatIsNotWellFormed() {
    refuses(
        "paths:\n  a: [*css]\n  b: [/b\n",
        "line 2, \"paths\", \"a\": \"*css\" without quotes is a YAML alias, which is not supported;"
            + " put it in quotes, or remove it",
        "line 4, document: is not well-formed YAML (expected ',' or ']', but got <stream end> in"
            + " column 1); correct it there or just before: patterns like *.css need quotes");
  }

  @Test
  void anAliasBombIsRefusedAtItsFirstAliases() {
    refuses(
        "paths: &a {x: &b [/x, /y]}\nnetworks: {x2: *a, y: *a}\n",
        "line 1, \"paths\": \"&a\" without quotes is a YAML anchor, which is not supported; put it in"
            + " quotes, or remove it",
        "line 1, \"paths\", \"x\": \"&b\" without quotes is a YAML anchor, which is not supported;"
            + " put it in quotes, or remove it",
        "line 2, \"networks\", \"x2\": \"*a\" without quotes is a YAML alias, which is not"
            + " supported; put it in quotes, or remove it",
        "line 2, \"networks\", \"y\": \"*a\" without quotes is a YAML alias, which is not"
            + " supported; put it in quotes, or remove it");
  }

  @Test
  void refusesDeepNestingAtOnce() {
    refuses(
        "[".repeat(FilterRules.LARGEST_DOCUMENT),
        "line 1, document: is nested too deep; write sections, rules and lists only");
  }

  @Test
  void refusesASecondDocument() {
    refuses(
        "paths: {a: [/a]}\n---\nhosts:\n",
        "line 2, document: a second YAML document begins here; keep one, without \"---\"");
  }

  @ParameterizedTest
  @MethodSource
  void refusesMalformedYaml(String document, String place, String found) {
    refuses(
        document,
        place
            + ", document: is not well-formed YAML ("
            + found
            + "); correct it there or just before: patterns like *.css need quotes");
  }

  static List<Arguments> refusesMalformedYaml() {
    return List.of(
        arguments(
            "paths:\n  a: [\"*.css\"\n  b: x",
            "line 3",
            "expected ',' or ']', but got <scalar> in column 3"),
        arguments(
            "paths:\n\ta: b",
            "line 2",
            "found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for"
                + " indentation) in column 1"),
        arguments("paths: {a: [*.css]}", "line 1", "unexpected character found .(46) in column 14"),
        arguments("paths: \"a", "line 1", "found unexpected end of stream in column 10"),
        arguments("paths:\n  a: \u0000", "line 2", "the character \"\\u0000\""),
        arguments(
            "hosts:\npaths: [\"\\x", "line 2", "a bad escape or number on this line or after it"),
        arguments(
            "hosts:\npaths: {a: [\"\\UFFFFFFFF\"]}",
            "line 2",
            "a bad escape or number on this line or after it"),
        arguments("\uD800", "line 1", "the character \"\\uD800\""),
        arguments(
            "%YAML 3.0\n---\npaths:",
            "line 1", "found incompatible YAML document (version 1.* is required) in column 1"));
  }

  @Test
  void refusesALargeDocument() {
    String comment = "#" + "ü".repeat(FilterRules.LARGEST_DOCUMENT / 2);

    refuses(
        comment,
        "line 1, document: has 262,145 bytes, more than the 262,144 allowed; shorten the lists");
    assertThat(FilterRules.parse(comment.substring(0, comment.length() - 1)).names()).isEmpty();
  }

  @Test
  void quotesWhatItFoundPrintableAndCut() {
    refuses(
        "paths: {a: [\"\\e[31m\\u202e\\n\", \"" + "x".repeat(61) + "\"]}",
        "line 1, \"paths\", \"a\", \"\\u001B[31m\\u202E\\u000A\": can never match: a path has no"
            + " space, query, fragment or parameters; write only what is before them",
        "line 1, \"paths\", \"a\", \""
            + "x".repeat(60)
            + "…\": is not a path pattern; write"
            + " \"*.ext\", \"/exact/path\" or \"/prefix/*\"");
  }

  private static void refuses(String document, String... problems) {
    assertThatThrownBy(() -> FilterRules.parse(document))
        .isInstanceOf(FilterRulesException.class)
        .hasMessage(String.join("\n", problems));
  }
}
