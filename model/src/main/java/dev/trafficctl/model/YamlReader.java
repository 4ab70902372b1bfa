package dev.trafficctl.model;

import static dev.trafficctl.model.FilterProblems.quote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Reads one YAML document with the line of each value. It reads tokens rather than a tree because a
 * tree has no lines, takes an alias for a text, and ends at the first duplicate key.
 */
final class YamlReader {
  private static final int DEEPEST = 10;
  private static final YAMLFactory FACTORY = factory();

  private final YAMLParser parser;
  private final FilterProblems problems;

  private YamlReader(YAMLParser parser, FilterProblems problems) {
    this.parser = parser;
    this.problems = problems;
  }

  /** The document's value. Where it is not well-formed YAML, a problem is noted. */
  static YamlNode read(String document, FilterProblems problems) {
    try (YAMLParser parser = FACTORY.createParser(document)) {
      return new YamlReader(parser, problems).document();
    } catch (JsonProcessingException e) {
      noteMalformed(e, problems);
      return new YamlNode.Refused(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static YAMLFactory factory() {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(DEEPEST);
    options.setCodePointLimit(FilterRules.LARGEST_DOCUMENT);
    return YAMLFactory.builder()
        .loaderOptions(options)
        .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
        .build();
  }

  private static void noteMalformed(JsonProcessingException e, FilterProblems problems) {
    int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
    int column = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getColumnNr());
    String found = e.getOriginalMessage().lines().findFirst().orElse("cannot be read");
    if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
      line = marked.getProblemMark().getLine() + 1;
      column = marked.getProblemMark().getColumn() + 1;
      found = marked.getProblem();
    }
    problems.add(
        line,
        "column "
            + column
            + ": not well-formed YAML: "
            + printable(found)
            + "; correct it there or just before (patterns with special characters need quotes)");
  }

  private static String printable(String text) {
    String quoted = quote(text);
    return quoted.substring(1, quoted.length() - 1);
  }

  private YamlNode document() throws IOException {
    if (parser.nextToken() == null) {
      return new YamlNode.Nothing(1);
    }
    YamlNode node = node("document");
    if (parser.nextToken() != null) {
      problems.add(
          line(), "document: a second YAML document begins here; keep one, without \"---\"");
    }
    return node;
  }

  private YamlNode node(String place) throws IOException {
    int line = line();
    if (parser.isCurrentAlias()) {
      String alias = "*" + parser.getText();
      problems.add(
          line,
          place
              + ": "
              + quote(alias)
              + " without quotes is a YAML alias, which is not supported; put it in quotes");
      return new YamlNode.Refused(line);
    }
    if (parser.getObjectId() != null) {
      problems.add(
          line,
          place
              + ": "
              + quote("&" + parser.getObjectId())
              + " without quotes is a YAML anchor, which is not supported; put it in quotes or"
              + " remove it");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> fields(place, line);
      case START_ARRAY -> items(place, line);
      case VALUE_STRING -> new YamlNode.Text(line, parser.getText());
      case VALUE_NULL -> new YamlNode.Nothing(line);
      case VALUE_TRUE, VALUE_FALSE -> new YamlNode.Other(line, "a truth value");
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new YamlNode.Other(line, "a number");
      default -> new YamlNode.Other(line, "binary data");
    };
  }

  private YamlNode fields(String place, int line) throws IOException {
    Map<String, YamlNode.Field> values = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      int keyLine = line();
      String inner = place.equals("document") ? quote(key) : place + ", " + quote(key);
      parser.nextToken();
      YamlNode.Field field = new YamlNode.Field(keyLine, node(inner));
      YamlNode.Field earlier = values.putIfAbsent(key, field);
      if (earlier != null) {
        problems.add(
            keyLine,
            inner + ": is there already on line " + earlier.line() + "; keep one of the two");
      }
    }
    return new YamlNode.Fields(line, values);
  }

  private YamlNode items(String place, int line) throws IOException {
    List<YamlNode> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      values.add(node(place));
    }
    return new YamlNode.Items(line, values);
  }

  private int line() {
    return Math.max(1, parser.currentTokenLocation().getLineNr());
  }
}
