package dev.trafficctl.model;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a client is, from the headers that Cloudflare, CloudFront, App Engine and our own proxies
 * ({@code X-Geo-…}) add to a request. Header names are taken without regard to case.
 *
 * <p>Values stay as sent, also those that mean "unknown" ({@code XX}, {@code ZZ}, {@code ?}), apart
 * from {@link HeaderText} that a server has read in the wrong encoding. For each key the first
 * header of the event that has a value wins; an empty value is none.
 *
 * @see <a href="https://developers.cloudflare.com/rules/transform/managed-transforms/reference/">
 *     Cloudflare: visitor location headers</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html">
 *     CloudFront: viewer location headers</a>
 * @see <a href="https://cloud.google.com/appengine/docs/standard/reference/request-headers">App
 *     Engine: request headers</a>
 */
final class Geodata {
  /** The keys of the JSON object, in its order. */
  enum Key {
    COUNTRY("country"),
    REGION("region"),
    CITY("city"),
    LATITUDE("latitude"),
    LONGITUDE("longitude");

    private final String text;

    Key(String text) {
      this.text = text;
    }

    /** The key of the JSON object. */
    String text() {
      return text;
    }

    /** A header that gives this key alone. */
    String header() {
      return "X-Geo-" + text;
    }
  }

  private static final List<Key> LATITUDE_AND_LONGITUDE = List.of(Key.LATITUDE, Key.LONGITUDE);

  /** The keys that each header gives, as headers are usually spelled. */
  static final Map<String, List<Key>> KEYS_BY_HEADER = keysByHeader();

  private static final Map<String, List<Key>> AS_USUALLY_SPELLED = new HashMap<>(KEYS_BY_HEADER);
  private static final String[] PREFIXES = {"CF-", "X-Geo-", "CloudFront-", "X-AppEngine-"};
  private static final JsonStringEncoder QUOTES = JsonStringEncoder.getInstance();

  private final String[] values = new String[Key.values().length];

  /** The keys that a header gives, none if it is not geographic. */
  static List<Key> keysOf(String header) {
    // Hardly any header gets as far as the comparisons without regard to case, which are slow.
    List<Key> keys = AS_USUALLY_SPELLED.get(header);
    if (keys != null) {
      return keys;
    }
    for (String prefix : PREFIXES) {
      if (AsciiCase.startsAt(header, 0, prefix)) {
        return KEYS_BY_HEADER.getOrDefault(header, List.of());
      }
    }
    return List.of();
  }

  /** Takes the value of a geographic header, unless an earlier header gave the same keys. */
  void add(List<Key> keys, String value) {
    if (keys.size() == 1) {
      put(keys.get(0), value);
      return;
    }
    int comma = value.indexOf(',');
    if (comma > 0 && comma < value.length() - 1 && value.indexOf(',', comma + 1) < 0) {
      put(Key.LATITUDE, value.substring(0, comma).strip());
      put(Key.LONGITUDE, value.substring(comma + 1).strip());
    }
  }

  private void put(Key key, String value) {
    if (values[key.ordinal()] == null && !value.isEmpty()) {
      values[key.ordinal()] = HeaderText.decoded(value);
    }
  }

  /** The JSON object, with the keys that have a value, or null if none has. */
  String toJson() {
    StringBuilder json = null;
    for (Key key : Key.values()) {
      String value = values[key.ordinal()];
      if (value != null) {
        json = json == null ? new StringBuilder(96).append('{') : json.append(',');
        json.append('"').append(key.text).append("\":\"");
        QUOTES.quoteAsString(value, json);
        json.append('"');
      }
    }
    return json == null ? null : json.append('}').toString();
  }

  private static Map<String, List<Key>> keysByHeader() {
    Map<String, List<Key>> keys = new TreeMap<>(AsciiCase.ORDER);
    keys.put("CF-IPCountry", List.of(Key.COUNTRY));
    keys.put("CF-Region", List.of(Key.REGION));
    keys.put("CF-IPCity", List.of(Key.CITY));
    keys.put("CF-IPLatitude", List.of(Key.LATITUDE));
    keys.put("CF-IPLongitude", List.of(Key.LONGITUDE));
    keys.put("CloudFront-Viewer-Country", List.of(Key.COUNTRY));
    keys.put("CloudFront-Viewer-Country-Region", List.of(Key.REGION));
    keys.put("CloudFront-Viewer-City", List.of(Key.CITY));
    keys.put("CloudFront-Viewer-Latitude", List.of(Key.LATITUDE));
    keys.put("CloudFront-Viewer-Longitude", List.of(Key.LONGITUDE));
    keys.put("X-AppEngine-Country", List.of(Key.COUNTRY));
    keys.put("X-AppEngine-Region", List.of(Key.REGION));
    keys.put("X-AppEngine-City", List.of(Key.CITY));
    keys.put("X-AppEngine-CityLatLong", LATITUDE_AND_LONGITUDE);
    keys.put("X-Geo-Country", List.of(Key.COUNTRY));
    keys.put("X-Geo-Region", List.of(Key.REGION));
    keys.put("X-Geo-City", List.of(Key.CITY));
    keys.put("X-Geo-Latitude", List.of(Key.LATITUDE));
    keys.put("X-Geo-Longitude", List.of(Key.LONGITUDE));
    return keys;
  }
}
