package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FilterPropertiesTest {
  private static final byte[] SOMEWHERE = {(byte) 192, 0, 2, 1};

  @Property
  void ipv4NetworksHoldWhatTheAddressLibrarySaysTheyHold(
      @ForAll @Size(4) byte[] network,
      @ForAll @IntRange(min = 1, max = 32) int length,
      @ForAll @IntRange(max = 32) int common,
      @ForAll @Size(4) byte[] other) {
    agreesWithTheLibrary(network, length, mix(network, common, other));
  }

  @Property
  void ipv6NetworksHoldWhatTheAddressLibrarySaysTheyHold(
      @ForAll @Size(16) byte[] network,
      @ForAll @IntRange(min = 1, max = 128) int length,
      @ForAll @IntRange(max = 128) int common,
      @ForAll @Size(16) byte[] other) {
    network[0] |= 1;
    agreesWithTheLibrary(network, length, mix(network, common, other));
  }

  private static void agreesWithTheLibrary(byte[] network, int length, byte[] address) {
    IPAddress block = new IPAddressGenerator().from(network, length).toPrefixBlock();
    EventFilter filter =
        new EventFilter(FilterRules.parse("networks: {n: ['" + block.toCanonicalString() + "']}"));

    int rule = filter.drops(new WebEvent(address, 0, null, "h", "/", null, null));

    assertThat(rule == 0).isEqualTo(block.contains(new IPAddressGenerator().from(address)));
  }

  /** The first bits of one address, then those of the other. */
  private static byte[] mix(byte[] first, int bits, byte[] second) {
    byte[] mixed = second.clone();
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> bit % 8;
      mixed[bit / 8] = (byte) (mixed[bit / 8] & ~mask | first[bit / 8] & mask);
    }
    return mixed;
  }

  @Property
  void aSuffixKeepsExactlyTheNamesBelowIt(
      @ForAll("names") String suffix, @ForAll("names") String host) {
    EventFilter filter = new EventFilter(FilterRules.parse("hosts: {keep: ['*." + suffix + "']}"));

    int rule = filter.drops(new WebEvent(SOMEWHERE, 0, null, host, "/", null, null));

    assertThat(rule == EventFilter.KEEP).isEqualTo(host.endsWith("." + suffix));
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings()
        .withChars("ab")
        .ofMinLength(1)
        .ofMaxLength(2)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(labels -> String.join(".", labels));
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void whatWasSeenBeforeMakesNoDifference(@ForAll("traffic") List<WebEvent> events) {
    FilterRules rules =
        FilterRules.parse("hosts: {keep: [a, '*.a']}\n" + FilterRules.defaultDocument());
    EventFilter warm = new EventFilter(rules);
    events.forEach(warm::drops);

    assertThat(events.stream().map(warm::drops))
        .isEqualTo(events.stream().map(event -> new EventFilter(rules).drops(event)).toList());
  }

  @Provide
  Arbitrary<List<WebEvent>> traffic() {
    Arbitrary<String> hosts = Arbitraries.of("a", "A:80", "b.a", "b", "ba");
    Arbitrary<String> urls = Arbitraries.of("/", "/a.css", "/health", "https://a/robots.txt?x");
    Arbitrary<String> userAgents =
        Arbitraries.oneOf(
                Arbitraries.of("curl/8", "Feedly/1", "Mozilla/5.0", "x".repeat(600) + "curl/"),
                Arbitraries.strings().ascii().ofMaxLength(20))
            .injectNull(0.1);
    Arbitrary<byte[]> addresses = Arbitraries.of(new byte[] {10, 0, 0, 1}, SOMEWHERE, new byte[16]);
    return Combinators.combine(hosts, urls, userAgents, addresses)
        .as((host, url, agent, ip) -> new WebEvent(ip, 0, null, host, url, null, agent))
        .list()
        .ofMaxSize(20);
  }

  @Property
  void anyTextIsReadOrRefusedWithOneLineForEachProblem(@ForAll("documents") String document) {
    assertThat(problems(document))
        .allMatch(problem -> problem.matches("line [0-9]+, .+: .+; \\P{Cntrl}+"));
  }

  private static List<String> problems(String document) {
    try {
      FilterRules.parse(document);
      return List.of();
    } catch (FilterRulesException e) {
      return Arrays.asList(e.getMessage().split("\n", -1));
    }
  }

  @Provide
  Arbitrary<String> documents() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "hosts",
            "keep",
            "paths",
            "user-agents",
            "networks",
            "bots",
            ": ",
            ":",
            "\n",
            "\n  ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "\"",
            "'",
            "&a ",
            "*a",
            "*.css",
            "/x",
            "~",
            "true",
            "7",
            "!!binary ",
            "!!set ",
            "!x ",
            "? ",
            "| ",
            "> ",
            "---\n",
            "...\n",
            "%YAML 1.1\n",
            "#",
            "10.0.0.0/8",
            "::/0",
            "\t",
            "<<",
            "\\x",
            "0o7",
            "1e999",
            "2001-01-01",
            ".inf",
            "99999999999999999999");
    return Arbitraries.oneOf(
        pieces.list().ofMaxSize(40).map(all -> String.join("", all)),
        Arbitraries.strings().ofMaxLength(60),
        Arbitraries.oneOf(pieces, Arbitraries.strings().ofMaxLength(3))
            .list()
            .ofMaxSize(20)
            .map(all -> "paths:\n  a: [" + String.join(", ", all) + "]"));
  }
}
