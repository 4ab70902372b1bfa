package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  @ValueSource(
      strings = {
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " Chrome/142.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " Chrome/140.0.0.0 Safari/537.36 OPR/124.0.0.0",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
            + " Version/18.5 Safari/605.1.15",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
            + " Gecko) CriOS/138.0.7204.53 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
            + " Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/450.0.0.38.108;FBDV/iPhone14,5]",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
            + " Gecko) Mobile/15E148 [Pinterest/iOS]",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
            + " Gecko) Mobile/15E148 Instagram 300.0.0.29.110",
        "Mozilla/5.0 (iPad; CPU OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
            + " GSA/270.0.5 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " Chrome/142.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " Chrome/90.0.4430.91 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " Chrome/100.0.4896.79 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 7.0; CUBOT) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " Chrome/80.0.3987.119 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 8.1.0; CUBOT_POWER Build/O11019; wv) AppleWebKit/537.36"
            + " (KHTML, like Gecko) Version/4.0 Chrome/99.0.4844.73 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; U; Android 4.4.2; en-us; CUBOT ONE-S Build/KOT49H)"
            + " AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30",
        "Mozilla/5.0 (Linux; Android 13; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " Chrome/138.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
        "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; Trident/4.0; .NET CLR 2.0.50727)",
        "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1.32052/29.3709; U; en) Presto/2.8.119"
            + " Version/11.10",
        "Lynx/2.8.9rel.1 libwww-FM/2.14 SSL-MM/1.4.1 GNUTLS/3.7.1",
        "Mozilla/5.0 (PlayStation; PlayStation 5/6.50) AppleWebKit/605.1.15 (KHTML, like Gecko)"
            + " Version/15.4 Safari/605.1.15",
      })
  void keepsBrowsers(String userAgent) {
    assertThat(dropped("/", userAgent)).isEqualTo("kept");
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
  })
  void dropsPartsOfPagesAndProbes(String url, String rule) {
    assertThat(dropped(url, null)).isEqualTo(rule);
  }

  private String dropped(String url, String userAgent) {
    int rule = filter.drops(new WebEvent(VISITOR, 0, null, "any.example", url, null, userAgent));
    return rule == EventFilter.KEEP ? "kept" : filter.rules().get(rule);
  }
}
