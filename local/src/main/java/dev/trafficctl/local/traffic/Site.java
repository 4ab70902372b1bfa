package dev.trafficctl.local.traffic;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/** What there is to ask for: the pages, files and probes of a small company's hosts. */
final class Site {
  /**
   * Something that can be asked for.
   *
   * @param head an event's JSON from its start up to the end of the path
   * @param queries what may follow the path, in JSON
   * @param afterUrl an event's JSON from behind the URL up to the referrer's value
   * @param asReferrer its address as a JSON string
   */
  record Page(byte[] head, Weighted<byte[]> queries, byte[] afterUrl, byte[] asReferrer) {}

  private static final String WWW = "www.example.com";
  private static final String SHOP = "shop.example.com";
  private static final String BLOG = "blog.example.com";
  private static final String API = "api.example.com";

  private static final List<String> TOPICS =
      List.of(
          "coffee",
          "tea",
          "grinders",
          "kettles",
          "filters",
          "scales",
          "beans",
          "café-culture",
          "brewing",
          "espresso",
          "roasting",
          "water",
          "travel",
          "cups",
          "crème",
          "gift-cards",
          "größen",
          "subscriptions",
          "spare-parts",
          "日本のコーヒー",
          "кофе",
          "caf%C3%A9-au-lait");

  private static final List<String> SEARCHED =
      List.of(
          "espresso+machine",
          "hand+grinder",
          "größe",
          "%E6%8A%B9%E8%8C%B6",
          "抹茶",
          "filter+v60",
          "kaffeem%C3%BChle",
          "crème+brûlée",
          "gift",
          "☕",
          "wasser+h%C3%A4rte",
          "кофемолка");

  private static final byte[] NO_REFERRER = Json.bytes("null");

  private final Weighted<byte[]> noQuery = Weighted.zipf(List.of(new byte[0]));
  private final Weighted<Weighted<Page>> pages;
  private final Weighted<Page> files;
  private final Weighted<Page> feeds;
  private final Weighted<Page> probes;
  private final Page robots;
  private final Weighted<byte[]> elsewhere;
  private final Weighted<Integer> referrerKind;

  /** The same seed makes the same site. */
  Site(long seed) {
    Random order = new Random(seed);
    Weighted<byte[]> pageQueries = queries(pageQueryTexts(), 60, order);
    Weighted<byte[]> apiQueries = queries(apiQueryTexts(), 15, order);
    Weighted<Page> www = pages(WWW, wwwPaths(), pageQueries, order);
    Weighted<Page> shop = pages(SHOP, shopPaths(), pageQueries, order);
    Weighted<Page> blog = pages(BLOG, blogPaths(), pageQueries, order);
    Weighted<Page> api = pages(API, apiPaths(), apiQueries, order);
    pages = new Weighted<>(List.of(www, shop, blog, api), new double[] {45, 28, 15, 12});
    files = files(order);
    feeds = feeds(order);
    probes =
        Weighted.zipf(
            List.of(
                page(API, "/healthz", noQuery),
                page(WWW, "/health", noQuery),
                page(SHOP, "/readyz", noQuery),
                page(API, "/livez", noQuery)));
    robots = page(WWW, "/robots.txt", noQuery);
    elsewhere = elsewhere();
    referrerKind = new Weighted<>(List.of(0, 1, 2), new double[] {28, 42, 30});
  }

  Page page(RandomGenerator random) {
    return pages.choose(random).choose(random);
  }

  Page file(RandomGenerator random) {
    return files.choose(random);
  }

  Page feed(RandomGenerator random) {
    return feeds.choose(random);
  }

  Page probe(RandomGenerator random) {
    return probes.choose(random);
  }

  Page robots() {
    return robots;
  }

  /** Where a reader comes from, as a JSON value: nowhere, another page, or another site. */
  byte[] referrer(RandomGenerator random) {
    return switch (referrerKind.choose(random)) {
      case 0 -> NO_REFERRER;
      case 1 -> page(random).asReferrer();
      default -> elsewhere.choose(random);
    };
  }

  /** The referrer of a client that sends none. */
  static byte[] noReferrer() {
    return NO_REFERRER;
  }

  private static Weighted<Page> pages(
      String host, List<String> paths, Weighted<byte[]> queries, Random order) {
    List<Page> pages = new ArrayList<>();
    for (String path : paths) {
      pages.add(page(host, path, queries));
    }
    Collections.shuffle(pages.subList(1, pages.size()), order);
    return Weighted.zipf(pages);
  }

  private static Page page(String host, String path, Weighted<byte[]> queries) {
    String url = Json.quoted(path);
    return new Page(
        Json.bytes("{\"url\":" + url.substring(0, url.length() - 1)),
        queries,
        Json.bytes("\",\"host\":" + Json.quoted(host) + ",\"referrer\":"),
        Json.bytes(Json.quoted("https://" + host + path)));
  }

  private static Weighted<byte[]> queries(List<String> texts, double percentNone, Random order) {
    List<String> shuffled = new ArrayList<>(texts);
    Collections.shuffle(shuffled, order);
    List<byte[]> queries = new ArrayList<>();
    double[] weights = new double[shuffled.size() + 1];
    queries.add(new byte[0]);
    weights[0] = percentNone;
    for (String text : shuffled) {
      weights[queries.size()] = (100 - percentNone) / shuffled.size();
      queries.add(Json.bytes(text));
    }
    return new Weighted<>(queries, weights);
  }

  private static List<String> pageQueryTexts() {
    List<String> texts = new ArrayList<>();
    for (String campaign : List.of("spring", "autumn", "newsletter-41", "black-friday")) {
      for (String source : List.of("newsletter", "google", "partner", "instagram")) {
        texts.add("?utm_source=" + source + "&utm_medium=cpc&utm_campaign=" + campaign);
      }
    }
    for (String words : SEARCHED) {
      texts.add("?q=" + words);
      texts.add("?q=" + words + "&sort=price&page=2");
    }
    for (int page = 2; page < 30; page++) {
      texts.add("?page=" + page);
    }
    for (int session = 0; session < 400; session++) {
      texts.add("?ref=mail&sid=" + Long.toHexString(0x5DEECE66DL * (session + 1)));
    }
    return texts;
  }

  private static List<String> apiQueryTexts() {
    List<String> texts = new ArrayList<>();
    for (int page = 1; page < 200; page++) {
      texts.add("?page=" + page + "&limit=50&fields=id,name,price");
    }
    return texts;
  }

  private static List<String> wwwPaths() {
    List<String> paths = new ArrayList<>(List.of("/", "/about", "/pricing", "/jobs", "/search"));
    for (String topic : TOPICS) {
      paths.add("/products/" + topic);
      paths.add("/guides/" + topic + "/getting-started");
      paths.add("/support/" + topic);
    }
    return paths;
  }

  private static List<String> shopPaths() {
    List<String> paths = new ArrayList<>(List.of("/", "/cart", "/checkout", "/account/orders"));
    for (String topic : TOPICS) {
      paths.add("/category/" + topic);
    }
    for (int item = 0; item < 600; item++) {
      paths.add("/item/" + (10_000 + item * 37) + "/" + TOPICS.get(item % TOPICS.size()));
    }
    return paths;
  }

  private static List<String> blogPaths() {
    List<String> paths = new ArrayList<>(List.of("/", "/archive"));
    for (int month = 1; month <= 12; month++) {
      for (String topic : TOPICS) {
        paths.add(String.format("/2026/%02d/notes-on-%s", month, topic));
      }
    }
    return paths;
  }

  private static List<String> apiPaths() {
    List<String> paths =
        new ArrayList<>(List.of("/v1/items", "/v1/session", "/v2/recommendations"));
    for (int item = 0; item < 300; item++) {
      paths.add("/v1/items/" + (10_000 + item * 37));
    }
    return paths;
  }

  private Weighted<Page> files(Random order) {
    Weighted<byte[]> versions =
        queries(List.of("?v=41", "?v=42", "?v=2026.11.1", "?cb=1763869000"), 55, order);
    List<Page> files = new ArrayList<>();
    for (String host : List.of(WWW, SHOP, BLOG)) {
      files.add(page(host, "/static/app.4f3a9c.js", versions));
      files.add(page(host, "/static/main.81be02.css", versions));
      files.add(page(host, "/favicon.ico", noQuery));
      files.add(page(host, "/static/fonts/inter-var.woff2", noQuery));
      files.add(page(host, "/images/logo.svg", versions));
      for (int image = 0; image < 60; image++) {
        files.add(page(host, "/images/photos/" + image * 7 + ".jpg", versions));
        files.add(page(host, "/images/thumbs/" + image * 7 + ".png", noQuery));
      }
    }
    Collections.shuffle(files, order);
    return Weighted.zipf(files);
  }

  private Weighted<Page> feeds(Random order) {
    List<Page> feeds = new ArrayList<>();
    feeds.add(page(BLOG, "/feed.xml", noQuery));
    feeds.add(page(BLOG, "/atom.xml", noQuery));
    for (String topic : TOPICS) {
      feeds.add(page(BLOG, "/tags/" + topic + "/feed.xml", noQuery));
    }
    Collections.shuffle(feeds, order);
    return Weighted.zipf(feeds);
  }

  private static Weighted<byte[]> elsewhere() {
    List<byte[]> addresses = new ArrayList<>();
    for (String address :
        List.of(
            "https://www.google.com/",
            "https://www.bing.com/",
            "https://duckduckgo.com/",
            "https://www.google.de/",
            "https://news.ycombinator.com/item?id=41234567",
            "https://www.reddit.com/r/Coffee/comments/1abcde/which_grinder/",
            "https://de.wikipedia.org/wiki/Türkischer_Mokka",
            "https://search.brave.com/",
            "https://yandex.ru/search/?text=кофемолка",
            "https://www.google.co.jp/search?q=コーヒー+ミル",
            "android-app://com.google.android.googlequicksearchbox/",
            "https://t.co/Xy12AbCdEf",
            "https://fr.wikipedia.org/wiki/Caf%C3%A9_cr%C3%A8me")) {
      addresses.add(Json.bytes(Json.quoted(address)));
    }
    return Weighted.zipf(addresses);
  }
}
