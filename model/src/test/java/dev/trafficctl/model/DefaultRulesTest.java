package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DefaultRulesTest {
  private static final byte[] VISITOR = {(byte) 192, 0, 2, 1};

  private final EventFilter filter = new EventFilter(FilterRules.defaults());

  @Test
  void hasARuleForEachKindOfNoise() {
    assertThat(filter.rules())
        .containsExactly(
            "static-files",
            "health-checks",
            "robots",
            "feed-readers",
            "monitors",
            "bots",
            "internal");
  }

  @ParameterizedTest
  @MethodSource("browsers")
  void keepsBrowsers(String userAgent) {
    assertThat(dropped("/", userAgent)).isEqualTo("kept");
  }

  static Stream<String> browsers() throws IOException {
    try (InputStream file = DefaultRulesTest.class.getResourceAsStream("browsers.txt")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"));
    }
  }

  /**
   * Those of the entries left out are met by other texts, but for five that are browsers of people:
   * two inside apps, two in editors, and one for a single site.
   */
  @Test
  void dropsWhateverTheListOfCrawlersGivesForAnExample() throws IOException {
    List<String> kept = new ArrayList<>();
    int examples = 0;
    try (InputStream file =
        DefaultRulesTest.class.getResourceAsStream(
            "crawler-user-agents/crawler-user-agents.json")) {
      for (JsonNode entry : new ObjectMapper().readTree(file)) {
        for (JsonNode userAgent : entry.get("instances")) {
          examples++;
          if (dropped("/", userAgent.textValue()).equals("kept")) {
            kept.add(userAgent.textValue());
          }
        }
      }
    }

    assertThat(examples).isGreaterThan(2_000);
    assertThat(kept)
        .containsExactlyInAnyOrder(
            "Mozilla/5.0 (Linux; Android 15; CPH2557 Build/AP3A.240617.008; wv) AppleWebKit/537.36"
                + " (KHTML, like Gecko) Version/4.0 Chrome/142.0.7444.142 Mobile Safari/537.36"
                + " Instagram 406.0.0.58.159 Android (35/15; 480dpi; 1080x2400; OPPO; CPH2557;"
                + " OP573DL1; mt6833; en_MY; 822918295; IABMV/1) NV/1",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                + " Code/1.115.0 Chrome/142.0.7444.265 Electron/39.8.5 Safari/537.36",
            "Mozilla/5.0 (Linux; Android 16; Pixel 10 Pro XL Build/CP1A.260305.018; wv)"
                + " AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/146.0.7680.174 Mobile"
                + " Safari/537.36 MetaIAB Facebook",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                + " Trae/1.107.1 Chrome/142.0.7444.235 Electron/39.2.7 Safari/537.36",
            "Mozilla/5.0 (Macintosh; U; Intel Mac OS X 10_5_6; en-us) AppleWebKit/528.16 (KHTML,"
                + " like Gecko) Fluid/0.9.6 Safari/528.16");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html) | bots",
        "Googlebot-Image/1.0 | bots",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0;"
            + " +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36 | bots",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2;"
            + " +https://openai.com/gptbot) | bots",
        "Mozilla/5.0 (compatible; Baiduspider/2.0) | bots",
        "Mozilla/5.0 (compatible; Yahoo! Slurp) | bots",
        "TelegramBot (like TwitterBot) | bots",
        "Mozilla/5.0 (compatible; archive.org_bot) | bots",
        "facebookexternalhit/1.1 | bots",
        "WhatsApp/2.23.20.0 | bots",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " HeadlessChrome/120.0.0.0 Safari/537.36 | bots",
        "curl/8.5.0 | bots",
        "Wget/1.21 | bots",
        "python-requests/2.32.0 | bots",
        "Go-http-client/2.0 | bots",
        "Mozilla/5.0 (compatible; BeetleBot; ) | bots",
        "Mozilla/5.0 (compatible; AnyOtherBot; ) | bots",
        "PostmanRuntime/7.43.0 | bots",
        "okhttp/4.12.0 | bots",
        "Java/1.8.0_402 | bots",
        "Java/17.0.2 | bots",
        "AsyncHttpClient/3.0.1 | bots",
        "node | bots",
        "Expanse, a Palo Alto Networks company, searches across the global IPv4 space | bots",
        "Nuclei - Open-source project (github.com/projectdiscovery/nuclei) | bots",
        "gobuster/3.6 | bots",
        "Fuzz Faster U Fool v2.1.0-dev | bots",
        "ffuf/2.1.0 | bots",
        "w3af.org | bots",
        "WPScan v3.8.25 (https://wpscan.com/wordpress-security-scanner) | bots",
        "Mozilla/5.0 (l9explore/1.2.2) | bots",
        "Apache/2.4.58 (Ubuntu) OpenSSL/3.0.13 (internal dummy connection) | monitors",
        "ApacheBench/2.3 | bots",
        "k6/0.49.0 (https://k6.io/) | bots",
        "Grafana k6/1.2.0 | bots",
        "wrk/4.2.0 | bots",
        "vegeta/12.11.1 | bots",
        "hey/0.0.1 | bots",
        "Mozilla/5.0 (pc-x86_64-linux-gnu) Siege/4.1.6 | bots",
        "h2load nghttp2/1.52.0 | bots",
        "Artillery (https://artillery.io) | bots",
        "Apache-JMeter/5.6.3 | bots",
        "nikto | bots",
        "reqwest/0.12.5 | bots",
        "undici | bots",
        "Dart/3.5 (dart:io) | bots",
        "fasthttp | bots",
        "AntBot | bots",
        "NPBot (http://www.nameprotect.com/botinfo.html) | bots",
        "Deno/2.1.4 | bots",
        "Bun/1.1.38 | bots",
        "Ruby | bots",
        "python-urllib3/2.2.1 | bots",
        "libcurl/7.88.1 r-curl/5.2.1 httr/1.4.7 | bots",
        "RestSharp/112.1.0.0 | bots",
        "ReactorNetty/1.1.22 | bots",
        "Ktor client | bots",
        "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.22621.4391 | bots",
        "Jakarta Commons-HttpClient/3.1 | bots",
        "WhatsApp | bots",
        "LiveJournal.com (webmaster@livejournal.com; for http://www.livejournal.com/users/x/; 8"
            + " readers) | feed-readers",
        "FlipboardProxy/1.6 | feed-readers",
        "FlipboardRSS/1.2 | feed-readers",
        "UniversalFeedParser/4.2 +http://feedparser.org/ | feed-readers",
        "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers) | feed-readers",
        "Feedbin - 1 subscribers | feed-readers",
        "Tiny Tiny RSS/1.11 (http://tt-rss.org/) | feed-readers",
        "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/) | monitors",
        "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/) | monitors",
        "check_http/v2.3.3 (monitoring-plugins 2.3.3) | monitors",
        "kube-probe/1.29 | monitors",
        "ELB-HealthChecker/2.0 | monitors",
        "GoogleHC/1.0 | monitors",
      })
  void dropsMachines(String userAgent, String rule) {
    assertThat(dropped("/", userAgent)).isEqualTo(rule);
  }

  @ParameterizedTest
  @CsvSource({
    "/style.css?v=3, static-files",
    "/logo.PNG, static-files",
    "/favicon.ico, static-files",
    "/font.woff2, static-files",
    "/healthz, health-checks",
    "/health/ready, health-checks",
    "/ping, health-checks",
    "/robots.txt, robots",
    "/.well-known/acme-challenge/abc, robots",
    "/, kept",
    "/index.html, kept",
    "/manual.pdf, kept",
    "/api/data.json, kept",
    "/health-insurance, kept",
    "/status/42, kept",
    "/wiki/File:Foo.jpg, kept",
    "/w/index.php/Datei:Foo.PNG, kept",
    "/en/Wiki/Node.js, kept",
    "/tags/vue.js, kept",
    "/blog/tag/node.js?page=2, kept",
    "/questions/tagged/d3.js, kept",
    "/assets/tags.js, static-files",
    "/tags.css, static-files",
    "/wikis/logo.png, static-files",
    "/tags/robots.txt, kept",
  })
  void dropsPartsOfPagesAndProbes(String url, String rule) {
    assertThat(dropped(url, null)).isEqualTo(rule);
  }

  private String dropped(String url, String userAgent) {
    int rule = filter.drops(new WebEvent(VISITOR, 0, null, "any.example", url, null, userAgent));
    return rule == EventFilter.KEEP ? "kept" : filter.rules().get(rule);
  }
}
