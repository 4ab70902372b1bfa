package dev.trafficctl.model;

import static dev.trafficctl.model.FilterProblems.quote;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads one filter document, and notes everything that is wrong with it. */
final class FilterRulesReader {
  private static final String HOSTS = "hosts";
  private static final String KEEP = "keep";
  private static final String PATHS = "paths";
  private static final String USER_AGENTS = "user-agents";
  private static final String NETWORKS = "networks";
  private static final List<String> SECTIONS = List.of(HOSTS, PATHS, USER_AGENTS, NETWORKS);
  private static final int LONGEST_PATTERN = 1_000;
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}");

  private final FilterProblems problems = new FilterProblems();
  private final List<String> names = new ArrayList<>();
  private final Map<String, Integer> lineOfName = new HashMap<>();

  FilterRules read(String yaml) {
    int size = yaml.getBytes(StandardCharsets.UTF_8).length;
    if (size > FilterRules.LARGEST_DOCUMENT) {
      problems.add(
          1,
          String.format(
              "document: has %,d bytes, more than the %,d allowed; shorten the lists",
              size, FilterRules.LARGEST_DOCUMENT));
      problems.throwIfAny();
    }
    Map<String, YamlNode.Field> sections =
        fields("document", YamlReader.read(yaml, problems), "sections");
    refuseUnknown("", sections, SECTIONS);

    HostPatterns hosts = keptHosts(sections.get(HOSTS));
    PathPatterns paths = new PathPatterns();
    addRules(PATHS, sections, paths);
    UserAgentPatterns userAgents = new UserAgentPatterns();
    addRules(USER_AGENTS, sections, userAgents);
    NetworkPatterns networks = new NetworkPatterns();
    addRules(NETWORKS, sections, networks);
    problems.throwIfAny();
    return new FilterRules(names, hosts, paths, userAgents, networks);
  }

  private HostPatterns keptHosts(YamlNode.Field section) {
    if (section == null) {
      return null;
    }
    Map<String, YamlNode.Field> fields = fields(quote(HOSTS), section.value(), "\"keep\"");
    refuseUnknown(quote(HOSTS) + ", ", fields, List.of(KEEP));
    YamlNode.Field keep = fields.get(KEEP);
    if (keep == null) {
      return null;
    }
    HostPatterns hosts = new HostPatterns();
    names.add(FilterRules.OTHER_HOSTS);
    addPatterns(quote(HOSTS) + ", " + quote(KEEP), keep, hosts, 0);
    return hosts;
  }

  private void addRules(String section, Map<String, YamlNode.Field> sections, PatternSet patterns) {
    if (!sections.containsKey(section)) {
      return;
    }
    String place = quote(section);
    fields(place, sections.get(section).value(), "rule names with lists of patterns")
        .forEach(
            (name, rule) -> {
              String inner = place + ", " + quote(name);
              checkName(inner, name, rule.line());
              names.add(name);
              addPatterns(inner, rule, patterns, names.size() - 1);
            });
  }

  private void checkName(String place, String name, int line) {
    if (name.equals(FilterRules.OTHER_HOSTS)) {
      problems.add(line, place + ": the name is reserved for \"hosts\"; take another");
    } else if (!NAME.matcher(name).matches()) {
      problems.add(
          line,
          place + ": is not a rule name; write 1 to 40 lower-case letters, digits and hyphens");
    }
    Integer earlier = lineOfName.putIfAbsent(name, line);
    if (earlier != null) {
      problems.add(
          line, place + ": the name is used already on line " + earlier + "; take another");
    }
  }

  private void addPatterns(String place, YamlNode.Field rule, PatternSet patterns, int index) {
    YamlNode list = rule.value();
    if (list instanceof YamlNode.Refused) {
      return;
    }
    if (list instanceof YamlNode.Nothing
        || list instanceof YamlNode.Items items && items.values().isEmpty()) {
      problems.add(
          rule.line(), place + ": has no patterns; write at least one, or remove " + place);
    } else if (list instanceof YamlNode.Items items) {
      items.values().forEach(pattern -> addPattern(place, pattern, patterns, index));
    } else {
      problems.add(
          list.line(),
          place + ": is " + list.kind() + ", not a list; write its patterns as [\"…\", \"…\"]");
    }
  }

  private void addPattern(String place, YamlNode pattern, PatternSet patterns, int index) {
    if (pattern instanceof YamlNode.Refused) {
      return;
    }
    if (pattern instanceof YamlNode.Nothing) {
      problems.add(pattern.line(), place + ": has an empty pattern; write one or remove it");
    } else if (pattern instanceof YamlNode.Text text) {
      try {
        requireShort(text.value(), patterns);
        patterns.add(text.value(), index);
      } catch (IllegalArgumentException e) {
        problems.add(text.line(), place + ", " + quote(text.value()) + ": " + e.getMessage());
      }
    } else if (pattern instanceof YamlNode.Fields mapping
        && patterns instanceof UserAgentPatterns userAgents) {
      new UserAgentMappingReader(place, problems, userAgents, index).read(mapping);
    } else {
      problems.add(
          pattern.line(),
          place + ": has a pattern that is " + pattern.kind() + "; put it in quotes");
    }
  }

  /** Hosts have a limit of their own. */
  private static void requireShort(String pattern, PatternSet patterns) {
    if (pattern.length() > LONGEST_PATTERN && !(patterns instanceof HostPatterns)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "has %,d characters, more than the %,d allowed; shorten it",
              pattern.length(),
              LONGEST_PATTERN));
    }
  }

  private Map<String, YamlNode.Field> fields(String place, YamlNode node, String expected) {
    if (node instanceof YamlNode.Fields fields) {
      return fields.values();
    }
    if (!(node instanceof YamlNode.Nothing || node instanceof YamlNode.Refused)) {
      problems.add(
          node.line(), place + ": is " + node.kind() + "; write a mapping with " + expected);
    }
    return Map.of();
  }

  private void refuseUnknown(String place, Map<String, YamlNode.Field> fields, List<String> known) {
    fields.forEach(
        (key, field) -> {
          if (!known.contains(key)) {
            problems.add(
                field.line(),
                place + quote(key) + ": is not known; use " + String.join(", ", known));
          }
        });
  }
}
