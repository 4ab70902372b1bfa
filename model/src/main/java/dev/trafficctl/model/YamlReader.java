package dev.trafficctl.model;

import static dev.trafficctl.model.FilterProblems.quote;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Reads one YAML document as texts, lists and mappings. It reads events rather than the nodes that
 * SnakeYAML composes of them: a node has no place for an alias, which is what YAML makes of a
 * pattern without quotes that begins with {@code *}, and none is composed where an alias has no
 * anchor; of a tag, {@code !} at the beginning, a node does not tell whether it was written; and a
 * line that is not well-formed would hide every problem before it.
 */
final class YamlReader {
  private static final int DEEPEST = 10;
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

  private final Iterator<Event> events;
  private final FilterProblems problems;

  /** The line of the event that was read last. */
  private int line = 1;

  private YamlReader(Iterator<Event> events, FilterProblems problems) {
    this.events = events;
    this.problems = problems;
  }

  /** The document's value. Where it is not well-formed YAML, a problem is noted. */
  static YamlNode read(String document, FilterProblems problems) {
    YamlReader reader =
        new YamlReader(new Yaml().parse(new StringReader(document)).iterator(), problems);
    try {
      return reader.document();
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      String found = e.getProblem() + " in column " + (mark.getColumn() + 1);
      reader.noteMalformed(mark.getLine() + 1, found);
    } catch (ReaderException e) {
      String before = document.substring(0, document.indexOf(e.getCodePoint()));
      int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
      reader.noteMalformed(line, "the character " + quote(Character.toString(e.getCodePoint())));
    } catch (YAMLException | IllegalArgumentException e) {
      // SnakeYAML takes some escapes and version numbers for well-formed before it converts them.
      reader.noteMalformed(reader.line, "a bad escape or number on this line or after it");
    }
    return new YamlNode.Refused(1);
  }

  private void noteMalformed(int malformedLine, String found) {
    problems.add(
        malformedLine,
        "document: is not well-formed YAML ("
            + found.replaceAll("\\p{Cntrl}+", " ")
            + "); correct it there or just before: patterns like *.css need quotes");
  }

  private Event next() {
    Event event = events.next();
    line = event.getStartMark().getLine() + 1;
    return event;
  }

  private YamlNode document() {
    YamlNode node = null;
    while (events.hasNext()) {
      Event event = next();
      if (event.is(Event.ID.DocumentStart) && node != null) {
        problems.add(
            line, "document: a second YAML document begins here; keep one, without \"---\"");
        return node;
      }
      if (event instanceof NodeEvent) {
        node = node(event, "document", 0);
      }
    }
    return node == null ? new YamlNode.Nothing(1) : node;
  }

  private YamlNode node(Event event, String place, int depth) {
    int start = line;
    if (event instanceof AliasEvent alias) {
      refuse(start, place, "*" + alias.getAnchor(), "alias");
      return new YamlNode.Refused(start);
    }
    NodeEvent node = (NodeEvent) event;
    if (node.getAnchor() != null) {
      refuse(start, place, "&" + node.getAnchor(), "anchor");
    }
    if (node instanceof ScalarEvent scalar) {
      refuseTag(start, place, scalar.getTag());
      return scalar.isPlain() && NULLS.contains(scalar.getValue()) || scalar.getValue().isEmpty()
          ? new YamlNode.Nothing(start)
          : new YamlNode.Text(start, scalar.getValue());
    }
    refuseTag(start, place, ((CollectionStartEvent) node).getTag());
    if (depth == DEEPEST) {
      problems.add(start, place + ": is nested too deep; write sections, rules and lists only");
      // Reading on would take time that grows with the square of the depth.
      problems.throwIfAny();
    }
    return node instanceof MappingStartEvent
        ? fields(start, place, depth + 1)
        : items(start, place, depth + 1);
  }

  private void refuseTag(int start, String place, String tag) {
    if (tag != null) {
      refuse(start, place, tag, "tag");
    }
  }

  private void refuse(int start, String place, String what, String kind) {
    problems.add(
        start,
        String.format(
            "%s: %s without quotes is a YAML %s, which is not supported; put it in quotes, or"
                + " remove it",
            place, quote(what), kind));
  }

  private YamlNode items(int start, String place, int depth) {
    List<YamlNode> values = new ArrayList<>();
    for (Event event = next(); !event.is(Event.ID.SequenceEnd); event = next()) {
      values.add(node(event, place, depth));
    }
    return new YamlNode.Items(start, values);
  }

  private YamlNode fields(int start, String place, int depth) {
    Map<String, YamlNode.Field> values = new LinkedHashMap<>();
    for (Event event = next(); !event.is(Event.ID.MappingEnd); event = next()) {
      int keyLine = line;
      YamlNode key = node(event, place, depth);
      String name = key instanceof YamlNode.Text text ? text.value() : "";
      String inner = depth == 1 ? quote(name) : place + ", " + quote(name);
      YamlNode.Field field = new YamlNode.Field(keyLine, node(next(), inner, depth));
      if (key instanceof YamlNode.Text) {
        YamlNode.Field earlier = values.putIfAbsent(name, field);
        if (earlier != null) {
          problems.add(
              keyLine,
              inner + ": is there already on line " + earlier.line() + "; keep one of the two");
        }
      } else if (!(key instanceof YamlNode.Refused)) {
        problems.add(keyLine, place + ": has a key that is " + key.kind() + "; write a name");
      }
    }
    return new YamlNode.Fields(start, values);
  }
}
