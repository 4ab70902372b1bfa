package dev.trafficctl.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The public list of crawlers, monitors, scanners and HTTP libraries by their user agents that the
 * npm package <a href="https://github.com/monperrus/crawler-user-agents">crawler-user-agents</a>
 * publishes under the MIT licence, as it stands there.
 */
final class CrawlerList {
  /** What a filter document calls it. */
  static final String NAME = "crawler-user-agents";

  private static final String FILE = NAME + "/" + NAME + ".json";

  private final List<Entry> entries;

  /**
   * A kind of machine.
   *
   * @param pattern a regular expression, with case, that a part of its user agents matches
   * @param tags what it is for, such as {@code feed-reader}
   */
  record Entry(CrawlerPattern pattern, Set<String> tags) {}

  private CrawlerList(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** The list that is part of this program. */
  static CrawlerList bundled() {
    return Bundled.LIST;
  }

  /** Read when it is asked for first. */
  private static final class Bundled {
    static final CrawlerList LIST = read();
  }

  private static CrawlerList read() {
    try (InputStream file = CrawlerList.class.getResourceAsStream(FILE)) {
      List<Entry> entries = new ArrayList<>();
      for (JsonNode entry : new ObjectMapper().readTree(file)) {
        Set<String> tags = new LinkedHashSet<>();
        entry.path("tags").forEach(tag -> tags.add(tag.textValue()));
        entries.add(new Entry(CrawlerPattern.of(entry.get("pattern").textValue()), tags));
      }
      return new CrawlerList(entries);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Entry> entries() {
    return entries;
  }

  /** All tags, sorted. */
  Set<String> tags() {
    Set<String> tags = new TreeSet<>();
    entries.forEach(entry -> tags.addAll(entry.tags()));
    return tags;
  }
}
