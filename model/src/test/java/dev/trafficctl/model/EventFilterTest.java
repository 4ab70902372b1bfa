package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventFilterTest {
  private static final String BROWSER =
      "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

  private final EventFilter filter =
      new EventFilter(
          FilterRules.parse(
              """
              networks:
                internal: ["10.0.0.0/8", "2001:db8::/33"]
                host: ["10.1.2.3/32", "192.0.2.7/32"]
              user-agents:
                tools: ["curl/"]
                clients: ["CURL", "Wget"]
              paths:
                archives: ["*.tar.gz", "*.CSS"]
                packed: ["*.gz"]
                checks: ["/health", "/"]
                challenges: ["/.well-known/x/*"]
              hosts:
                keep: ["shop.example.com", "*.Example.org"]
              """));

  @Test
  void rulesAreTriedBySectionAndThenAsWritten() {
    assertThat(filter.rules())
        .containsExactly(
            "other-hosts",
            "archives",
            "packed",
            "checks",
            "challenges",
            "tools",
            "clients",
            "internal",
            "host");
  }

  @Test
  void theFirstRuleThatMatchesDrops() {
    assertThat(dropped(event("other.com", "/a.css", "curl/8", "10.1.2.3")))
        .isEqualTo("other-hosts");
    assertThat(dropped(event("shop.example.com", "/a.css", "curl/8", "10.1.2.3")))
        .isEqualTo("archives");
    assertThat(dropped(event("shop.example.com", "/a", "curl/8", "10.1.2.3"))).isEqualTo("tools");
    assertThat(dropped(event("shop.example.com", "/a", BROWSER, "10.1.2.3"))).isEqualTo("internal");
    assertThat(dropped(event("shop.example.com", "/a", BROWSER, "192.0.2.7"))).isEqualTo("host");
    assertThat(dropped(event("shop.example.com", "/a", BROWSER, "192.0.2.8"))).isEqualTo("kept");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop.example.com",
        "SHOP.Example.COM",
        "shop.example.com:8443",
        "shop.example.com.",
        "shop.example.com.:443",
        "a.example.org",
        "a.b.EXAMPLE.org.",
      })
  void keepsAHost(String host) {
    assertThat(dropped(event(host, "/a", BROWSER, "192.0.2.8"))).isEqualTo("kept");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        ":80",
        "example.org",
        ".example.org",
        "example.com",
        "shop.example.com..",
        "ashop.example.com",
        "x.shop.example.com",
        "badexample.org",
        "a.example.org.evil.com",
        "[::1]:80",
        "::1",
        "shop.example.com@evil.com",
      })
  void dropsAnotherHost(String host) {
    assertThat(dropped(event(host, "/a", BROWSER, "192.0.2.8"))).isEqualTo("other-hosts");
  }

  @ParameterizedTest
  @CsvSource({
    "/a/style.css, archives",
    "/a/STYLE.CsS, archives",
    "/style.css?v=1.2/x, archives",
    "/style.css#x, archives",
    "/style.css#x?y, archives",
    "/style.css;jsessionid=1A.b, archives",
    "/style.css;jsessionid=1A?x=y, archives",
    "/.css, archives",
    "style.css, archives",
    "https://h.example/style.css, archives",
    "https://h.example/a?x=/style.css, kept",
    "/a;v=1/style.css, archives",
    "/style.css;a/b, kept",
    "/style.css/, kept",
    "/style.css/b, kept",
    "/style%2Ecss, kept",
    "/stylecss, kept",
    "/style.csss, kept",
    "/a?x=style.css, kept",
    "/x.tar.gz, archives",
    "/x.tar.GZ, archives",
    "/x.gz, packed",
    "/tar.gz, packed",
    "/a.tar.b.gz, packed",
    "/health, checks",
    "/health?a=b, checks",
    "/health;a=b, checks",
    "https://h.example:8080/health#x, checks",
    "/HEALTH, kept",
    "/health/, kept",
    "/healthz, kept",
    "/%68ealth, kept",
    "//health, kept",
    "/, checks",
    "'', checks",
    "?a=b, checks",
    "#a, checks",
    "https://h.example, checks",
    "https://h.example?u=http://x/y, checks",
    "https://h.example#u/y, checks",
    "/a?u=http://x, kept",
    "a?u=http://x, kept",
    "/.well-known/x/, challenges",
    "/.well-known/x/abc/def?g, challenges",
    "https://h.example/.well-known/x/abc, challenges",
    "/.well-known/x, kept",
    "/.well-known/X/a, kept",
    "/a/.well-known/x/a, kept",
    "/a?/.well-known/x/a, kept",
    "*, kept",
  })
  void comparesThePathOfTheUrl(String url, String rule) {
    assertThat(dropped(event("shop.example.com", url, BROWSER, "192.0.2.8"))).isEqualTo(rule);
  }

  @ParameterizedTest
  @CsvSource({
    "curl/8.5.0, tools",
    "my CURL/8.5.0, tools",
    "libcurl, clients",
    "xwGeTx, clients",
    "cur l/, kept",
    "'', kept",
  })
  void looksForTextsAnywhereInTheUserAgent(String userAgent, String rule) {
    assertThat(dropped(event("a.example.org", "/a", userAgent, "192.0.2.8"))).isEqualTo(rule);
  }

  @ParameterizedTest
  @CsvSource({
    "node, whole",
    "NODE, whole",
    "node/22, kept",
    "a node, kept",
    "java/17.0.1, whole",
    "JAVA/, whole",
    "HotJava/1.1, kept",
    "curl/8.5.0, libraries",
    "libcurl, kept",
    "Curl/8, kept",
    "Feedly/1.0, readers",
    "feedly, kept",
    "Googlebot/2.1 node, kept",
    "BlogTraffic/1.42 Feed-Fetcher, readers",
    "BlogTraffic/x.42 Feed-Fetcher, kept",
    "Current 3 RSS Reader, readers",
    "RSS Reader Current, kept",
    "Fever/1.38, kept",
  })
  void comparesTheWholeUserAgentAndTheListOfCrawlersToo(String userAgent, String rule) {
    EventFilter listed =
        new EventFilter(
            FilterRules.parse(
                """
                user-agents:
                  whole: [{whole: ["node", "Java/*"]}]
                  readers: [{list: crawler-user-agents, tags: [feed-reader], without: ['Fever']}]
                  libraries:
                    - list: crawler-user-agents
                      tags: ["http-library"]
                """));

    int dropped = listed.drops(event("h", "/", userAgent, "192.0.2.8"));

    assertThat(dropped < 0 ? "kept" : listed.rules().get(dropped)).isEqualTo(rule);
  }

  @ParameterizedTest
  @CsvSource({
    "/a.css, files",
    "/wiki/a.css, later",
    "/x/WIKI/y/a.css?z, later",
    "https://h.example/wiki/a.css, later",
    "/wiki.css, files",
    "/xwiki/a.css, files",
    "/a.css?/wiki/, files",
    "/tags/vue.js, kept",
    "/vue.js, files",
    "/keep/x/a.css, later",
    "/a/keep/a.css, files",
    "/one.css, later",
    "/old/one, later",
    "/x/old/, later",
    "/x/old, kept",
  })
  void exceptionsAreOfOneRule(String url, String rule) {
    EventFilter excepted =
        new EventFilter(
            FilterRules.parse(
                """
                paths:
                  files: ["!*/wiki/*", "*.css", "*.js", "!*/tags/*", "!/keep/*", "!/one.css"]
                  later: ["*.css", "*/old/*"]
                """));

    int dropped = excepted.drops(event("h", url, null, "192.0.2.8"));

    assertThat(dropped < 0 ? "kept" : excepted.rules().get(dropped)).isEqualTo(rule);
  }

  @Test
  void keepsAnEventWithoutAUserAgent() {
    assertThat(dropped(event("a.example.org", "/a", null, "192.0.2.8"))).isEqualTo("kept");
  }

  @Test
  void looksAtAllOfALongUserAgent() {
    String userAgent = "x".repeat(100_000) + " wget";
    assertThat(dropped(event("a.example.org", "/a", userAgent, "192.0.2.8"))).isEqualTo("clients");
  }

  @ParameterizedTest
  @CsvSource({
    "9.255.255.255, kept",
    "10.0.0.0, internal",
    "10.255.255.255, internal",
    "11.0.0.0, kept",
    "192.0.2.7, host",
    "2001:db8::, internal",
    "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff, internal",
    "2001:db8:8000::, kept",
    "::10.0.0.1, kept",
    "::1, kept",
  })
  void comparesTheAddressWithNetworks(String ip, String rule) {
    assertThat(dropped(event("a.example.org", "/a", BROWSER, ip))).isEqualTo(rule);
  }

  @Test
  void takesAnIpv4MappedAddressForTheIpv4Address() {
    byte[] mapped = new byte[16];
    mapped[10] = (byte) 0xFF;
    mapped[11] = (byte) 0xFF;
    mapped[12] = 10;
    assertThat(dropped(new WebEvent(mapped, 0, null, "a.example.org", "/a", null, BROWSER)))
        .isEqualTo("internal");
  }

  @Test
  void networksOfLengthOneHoldHalfOfTheAddressesOfTheirVersion() {
    EventFilter all =
        new EventFilter(FilterRules.parse("networks: {v4: [128.0.0.0/1], v6: ['8000::/1']}"));

    assertThat(all.drops(event("h", "/", null, "255.1.2.3"))).isEqualTo(0);
    assertThat(all.drops(event("h", "/", null, "ff02::1"))).isEqualTo(1);
    assertThat(all.drops(event("h", "/", null, "127.1.2.3"))).isEqualTo(EventFilter.KEEP);
    assertThat(all.drops(event("h", "/", null, "2001:db8::1"))).isEqualTo(EventFilter.KEEP);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# nothing\n",
        "---\n",
        "~",
        "{}",
        "hosts:\npaths: ~\nuser-agents: {}\nnetworks: null",
        "hosts: {}",
      })
  void nothingSaidDropsNothing(String document) {
    EventFilter empty = new EventFilter(FilterRules.parse(document));

    assertThat(empty.rules()).isEmpty();
    assertThat(empty.drops(event("any", "/robots.txt", "Googlebot/2.1", "10.0.0.1")))
        .isEqualTo(EventFilter.KEEP);
  }

  private String dropped(WebEvent event) {
    int rule = filter.drops(event);
    return rule == EventFilter.KEEP ? "kept" : filter.rules().get(rule);
  }

  private static WebEvent event(String host, String url, String userAgent, String ip) {
    try {
      byte[] address = InetAddress.getByName(ip).getAddress();
      return new WebEvent(address, 0, null, host, url, null, userAgent);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
