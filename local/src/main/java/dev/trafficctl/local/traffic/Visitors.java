package dev.trafficctl.local.traffic;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Who asks: people with browsers, crawlers, feed readers, monitors, and machines inside the
 * company's own network. A visitor is an event's JSON from behind the referrer up to the event
 * time: user agent, address and headers.
 */
final class Visitors {
  private static final int PEOPLE = 20_000;
  private static final int COLLEAGUES = 200;
  private static final int MACHINES = 400;

  /**
   * Where visitors live.
   *
   * @param firstByte the first byte of the IPv4 addresses used there
   */
  private record Place(
      double weight,
      int firstByte,
      String country,
      String region,
      String city,
      String latitude,
      String longitude,
      String timeZone,
      String language) {}

  private static final List<Place> PLACES =
      List.of(
          new Place(
              22,
              73,
              "US",
              "CA",
              "San José",
              "37.3387",
              "-121.8853",
              "America/Los_Angeles",
              "en-US,en;q=0.9"),
          new Place(
              14,
              98,
              "US",
              "NY",
              "New York",
              "40.7128",
              "-74.0060",
              "America/New_York",
              "en-US,en;q=0.9"),
          new Place(
              12,
              84,
              "DE",
              "BY",
              "München",
              "48.1374",
              "11.5755",
              "Europe/Berlin",
              "de-DE,de;q=0.9,en;q=0.8"),
          new Place(
              9,
              86,
              "GB",
              "ENG",
              "London",
              "51.5085",
              "-0.1257",
              "Europe/London",
              "en-GB,en;q=0.9"),
          new Place(
              8,
              90,
              "FR",
              "IDF",
              "Paris",
              "48.8534",
              "2.3488",
              "Europe/Paris",
              "fr-FR,fr;q=0.9,en;q=0.7"),
          new Place(
              7, 126, "JP", "13", "東京", "35.6895", "139.6917", "Asia/Tokyo", "ja,en-US;q=0.7"),
          new Place(
              7,
              117,
              "IN",
              "KA",
              "Bengaluru",
              "12.9719",
              "77.5937",
              "Asia/Kolkata",
              "en-IN,hi;q=0.8"),
          new Place(
              6,
              177,
              "BR",
              "SP",
              "São Paulo",
              "-23.5475",
              "-46.6361",
              "America/Sao_Paulo",
              "pt-BR,pt;q=0.9"),
          new Place(
              4, 178, "CH", "ZH", "Zürich", "47.3667", "8.5500", "Europe/Zurich", "de-CH,fr;q=0.7"),
          new Place(
              4, 1, "AU", "NSW", "Sydney", "-33.8678", "151.2073", "Australia/Sydney", "en-AU"),
          new Place(
              4,
              77,
              "TR",
              "34",
              "İstanbul",
              "41.0138",
              "28.9497",
              "Europe/Istanbul",
              "tr-TR,tr;q=0.9"),
          new Place(
              3,
              41,
              "ZA",
              "WC",
              "Cape Town",
              "-33.9258",
              "18.4232",
              "Africa/Johannesburg",
              "en-ZA,af;q=0.6"));

  private static final List<String> CRAWLERS =
      List.of(
          "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
          "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
          "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
          "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
          "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
          "DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)");

  private static final List<String> FEED_READERS =
      List.of(
          "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers)",
          "NewsBlur Feed Fetcher - 3 subscribers - http://www.newsblur.com/site/1/",
          "Tiny Tiny RSS/24.04 (https://tt-rss.org/)",
          "FreshRSS/1.24.1 (Linux; https://freshrss.org)");

  private static final List<String> MONITORS =
      List.of(
          "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
          "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
          "Blackbox Exporter/0.25.0");

  private static final List<String> PROBERS =
      List.of("kube-probe/1.31", "ELB-HealthChecker/2.0", "GoogleHC/1.0");

  private final Weighted<byte[]> people;
  private final Weighted<byte[]> colleagues;
  private final Weighted<byte[]> crawlers;
  private final Weighted<byte[]> feedReaders;
  private final Weighted<byte[]> monitors;
  private final Weighted<byte[]> probers;

  /** The same seed makes the same visitors. */
  Visitors(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] weights = PLACES.stream().mapToDouble(Place::weight).toArray();
    Weighted<Place> places = new Weighted<>(PLACES, weights);
    Weighted<String> browsers = browsers();
    people = people(random, places, browsers);
    List<byte[]> inside = new ArrayList<>();
    for (int i = 0; i < COLLEAGUES; i++) {
      inside.add(visitor(browsers.choose(random), privateAddress(random), "{}"));
    }
    colleagues = Weighted.zipf(inside);
    crawlers = machines(CRAWLERS, random, places);
    feedReaders = machines(FEED_READERS, random, places);
    monitors = machines(MONITORS, random, places);
    List<byte[]> probing = new ArrayList<>();
    for (String prober : PROBERS) {
      probing.add(visitor(prober, privateAddress(random), "{}"));
    }
    probers = Weighted.zipf(probing);
  }

  byte[] person(RandomGenerator random) {
    return people.choose(random);
  }

  byte[] colleague(RandomGenerator random) {
    return colleagues.choose(random);
  }

  byte[] crawler(RandomGenerator random) {
    return crawlers.choose(random);
  }

  byte[] feedReader(RandomGenerator random) {
    return feedReaders.choose(random);
  }

  byte[] monitor(RandomGenerator random) {
    return monitors.choose(random);
  }

  byte[] prober(RandomGenerator random) {
    return probers.choose(random);
  }

  private static Weighted<byte[]> people(
      RandomGenerator random, Weighted<Place> places, Weighted<String> browsers) {
    List<byte[]> people = new ArrayList<>();
    double[] activity = new double[PEOPLE];
    for (int i = 0; i < PEOPLE; i++) {
      Place place = places.choose(random);
      String address =
          random.nextInt(100) < 15 ? address6(random) : address4(random, place.firstByte());
      people.add(visitor(browsers.choose(random), address, headers(place)));
      activity[i] = 1.0 / (20 + i);
    }
    return new Weighted<>(people, activity);
  }

  private static Weighted<byte[]> machines(
      List<String> userAgents, RandomGenerator random, Weighted<Place> places) {
    List<byte[]> machines = new ArrayList<>();
    double[] equal = new double[MACHINES];
    for (int i = 0; i < MACHINES; i++) {
      Place place = places.choose(random);
      machines.add(
          visitor(
              userAgents.get(random.nextInt(userAgents.size())),
              address4(random, place.firstByte()),
              "{\"CF-IPCountry\":" + Json.quoted(place.country()) + "}"));
      equal[i] = 1;
    }
    return new Weighted<>(machines, equal);
  }

  private static byte[] visitor(String userAgent, String ip, String headers) {
    return Json.bytes(
        ",\"user_agent\":"
            + Json.quoted(userAgent)
            + ",\"ip\":"
            + Json.quoted(ip)
            + ",\"headers\":"
            + headers
            + ",\"event_time\":\"");
  }

  /**
   * The geographic headers are those of Cloudflare's managed transform "Add visitor location
   * headers".
   */
  private static String headers(Place place) {
    return "{\"CF-IPCountry\":"
        + Json.quoted(place.country())
        + ",\"CF-Region-Code\":"
        + Json.quoted(place.region())
        + ",\"CF-IPCity\":"
        + Json.quoted(place.city())
        + ",\"CF-IPLatitude\":"
        + Json.quoted(place.latitude())
        + ",\"CF-IPLongitude\":"
        + Json.quoted(place.longitude())
        + ",\"CF-Timezone\":"
        + Json.quoted(place.timeZone())
        + ",\"Accept-Language\":"
        + Json.quoted(place.language())
        + "}";
  }

  private static Weighted<String> browsers() {
    List<String> browsers = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    for (int version = 132; version <= 142; version++) {
      double share = version - 130;
      String webKit = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" + version + ".0.0.0";
      browsers.add("Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + webKit + " Safari/537.36");
      weights.add(3 * share);
      browsers.add("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) " + webKit + " Safari/537.36");
      weights.add(share);
      browsers.add("Mozilla/5.0 (Linux; Android 10; K) " + webKit + " Mobile Safari/537.36");
      weights.add(4 * share);
      browsers.add(
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) "
              + webKit
              + " Safari/537.36 Edg/"
              + version
              + ".0.0.0");
      weights.add(share / 2);
      String gecko = "rv:" + version + ".0) Gecko/20100101 Firefox/" + version + ".0";
      browsers.add("Mozilla/5.0 (Windows NT 10.0; Win64; x64; " + gecko);
      weights.add(share / 2);
      browsers.add("Mozilla/5.0 (X11; Linux x86_64; " + gecko);
      weights.add(share / 4);
    }
    for (String release : List.of("17_6", "18_3", "18_5", "26_0")) {
      String version = release.replace('_', '.');
      browsers.add(
          "Mozilla/5.0 (iPhone; CPU iPhone OS "
              + release
              + " like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/"
              + version
              + " Mobile/15E148 Safari/604.1");
      weights.add(40.0);
      browsers.add(
          "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
              + " Version/"
              + version
              + " Safari/605.1.15");
      weights.add(15.0);
    }
    return new Weighted<>(browsers, weights.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static String address4(RandomGenerator random, int firstByte) {
    return firstByte
        + "."
        + random.nextInt(256)
        + "."
        + random.nextInt(256)
        + "."
        + (1 + random.nextInt(254));
  }

  /** In the range that RFC 3849 sets aside for documentation. */
  private static String address6(RandomGenerator random) {
    return String.format(
        Locale.ROOT,
        "2001:db8:%x:%x::%x",
        random.nextInt(1, 0x10000),
        random.nextInt(1, 0x10000),
        random.nextInt(1, 0x10000));
  }

  private static String privateAddress(RandomGenerator random) {
    String network = random.nextBoolean() ? "10.20." : "192.168.";
    return network + random.nextInt(256) + "." + (1 + random.nextInt(254));
  }
}
