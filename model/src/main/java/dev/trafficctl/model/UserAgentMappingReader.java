package dev.trafficctl.model;

import static dev.trafficctl.model.FilterProblems.quote;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Reads a mapping among a rule's texts for user agents. It is one of two:
 *
 * <ul>
 *   <li>{@code whole}: texts that are compared with the whole user agent.
 *   <li>{@code list}: the name of the {@link CrawlerList}, of which it stands for all entries, or
 *       for those with one of the {@code tags}, leaving out those of the patterns {@code without}.
 * </ul>
 */
final class UserAgentMappingReader {
  private static final String WHOLE = "whole";
  private static final String LIST = "list";
  private static final String TAGS = "tags";
  private static final String WITHOUT = "without";

  private final String place;
  private final FilterProblems problems;
  private final UserAgentPatterns patterns;
  private final int rule;

  /** With the place of the rule in the document, and where what is read goes to. */
  UserAgentMappingReader(
      String place, FilterProblems problems, UserAgentPatterns patterns, int rule) {
    this.place = place;
    this.problems = problems;
    this.patterns = patterns;
    this.rule = rule;
  }

  void read(YamlNode.Fields mapping) {
    Map<String, YamlNode.Field> fields = mapping.values();
    if (fields.containsKey(WHOLE)) {
      refuseOthers(fields, List.of(WHOLE));
      addWhole(fields.get(WHOLE));
    } else if (fields.containsKey(LIST)) {
      refuseOthers(fields, List.of(LIST, TAGS, WITHOUT));
      addListed(fields);
    } else {
      problems.add(
          mapping.line(),
          place
              + ": has a mapping that is not known; write {list: "
              + CrawlerList.NAME
              + "}, {whole: [\"…\"]} or a text in quotes");
    }
  }

  private void refuseOthers(Map<String, YamlNode.Field> fields, List<String> known) {
    fields.forEach(
        (key, field) -> {
          if (!known.contains(key)) {
            problems.add(
                field.line(),
                place + ", " + quote(key) + ": is not known here; use " + String.join(", ", known));
          }
        });
  }

  private void addWhole(YamlNode.Field field) {
    forEachText(
        WHOLE,
        field,
        text -> {
          try {
            patterns.addWhole(text.value(), rule);
          } catch (IllegalArgumentException e) {
            problems.add(
                text.line(),
                place + ", " + quote(WHOLE) + ", " + quote(text.value()) + ": " + e.getMessage());
          }
        });
  }

  private void addListed(Map<String, YamlNode.Field> fields) {
    YamlNode name = fields.get(LIST).value();
    if (name instanceof YamlNode.Refused) {
      return;
    }
    if (!(name instanceof YamlNode.Text text && text.value().equals(CrawlerList.NAME))) {
      problems.add(
          fields.get(LIST).line(),
          place + ", " + quote(LIST) + ": is not a list that is known; use " + CrawlerList.NAME);
      return;
    }
    List<CrawlerList.Entry> entries = CrawlerList.bundled().entries();
    Set<String> allTags = CrawlerList.bundled().tags();
    Set<String> tags =
        known(
            TAGS,
            fields.get(TAGS),
            allTags,
            "is no tag of the list; use " + String.join(", ", allTags));
    Set<String> without =
        known(
            WITHOUT,
            fields.get(WITHOUT),
            entries.stream().map(entry -> entry.pattern().source()).collect(Collectors.toSet()),
            "is no pattern of the list; write it as it stands there, in single quotes, or remove"
                + " it");
    for (CrawlerList.Entry entry : entries) {
      boolean wanted = tags.isEmpty() || entry.tags().stream().anyMatch(tags::contains);
      if (wanted && !without.contains(entry.pattern().source())) {
        patterns.add(entry, rule);
      }
    }
  }

  /** The texts under a key, which must be known; none where the key is missing. */
  private Set<String> known(
      String key, YamlNode.Field field, Set<String> known, String whatOthersAre) {
    Set<String> texts = new HashSet<>();
    if (field != null) {
      forEachText(
          key,
          field,
          text -> {
            texts.add(text.value());
            if (!known.contains(text.value())) {
              problems.add(
                  text.line(),
                  place + ", " + quote(key) + ", " + quote(text.value()) + ": " + whatOthersAre);
            }
          });
    }
    return texts;
  }

  private void forEachText(String key, YamlNode.Field field, Consumer<YamlNode.Text> action) {
    String inner = place + ", " + quote(key);
    if (field.value() instanceof YamlNode.Refused) {
      return;
    }
    if (!(field.value() instanceof YamlNode.Items items) || items.values().isEmpty()) {
      problems.add(
          field.line(), inner + ": is not a list with something in it; write [\"…\", \"…\"]");
      return;
    }
    for (YamlNode item : items.values()) {
      if (item instanceof YamlNode.Text text) {
        action.accept(text);
      } else if (!(item instanceof YamlNode.Refused)) {
        problems.add(
            item.line(), inner + ": has an item that is " + item.kind() + "; put it in quotes");
      }
    }
  }
}
