package dev.trafficctl.cli.context;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;

/** The YAML of the configuration file. Apart from the file, because its libraries load slowly. */
final class ConfigurationYaml {
  private static final int LONGEST_SHOWN = 60;

  private final Path file;
  private final NextCommands next;
  private final YAMLMapper mapper = mapper();

  /** With the file that messages name, and what they recommend. */
  ConfigurationYaml(Path file, NextCommands next) {
    this.file = file;
    this.next = next;
  }

  private static YAMLMapper mapper() {
    YAMLMapper.Builder builder =
        YAMLMapper.builder(
                YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .defaultPropertyInclusion(
                JsonInclude.Value.construct(
                    JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // A key with nothing behind it is a key that is not given.
            .withCoercionConfig(LogicalType.POJO, ConfigurationYaml::emptyIsNull)
            .withCoercionConfig(LogicalType.Map, ConfigurationYaml::emptyIsNull)
            .withCoercionConfig(
                LogicalType.Textual,
                config -> {
                  config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                  config.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                  config.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
                });
    return builder.build();
  }

  private static void emptyIsNull(MutableCoercionConfig config) {
    config.setCoercion(CoercionInputShape.EmptyString, CoercionAction.AsNull);
  }

  /**
   * Reads a file's text.
   *
   * @throws CommandException with the place and what is wrong there; no value is repeated
   */
  Configuration read(String text) {
    Configuration configuration;
    try {
      try (YAMLParser parser = mapper.getFactory().createParser(text)) {
        if (parser.nextToken() == null) {
          return Configuration.empty();
        }
        // What is no YAML at all is told from here with its place.
        while (parser.nextToken() != null) {}
      }
      refuseAliasesAndTags(text);
      configuration = mapper.readValue(text, Configuration.class);
    } catch (JsonProcessingException e) {
      throw problem(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (configuration == null) {
      return Configuration.empty();
    }
    check(configuration);
    return configuration;
  }

  /**
   * An alias would be read as the text of its name; an anchor or a tag, which is also what YAML
   * makes of a text without quotes that begins with {@code &} or {@code !}, would be lost.
   */
  private void refuseAliasesAndTags(String text) {
    try {
      for (Event event : new Yaml().parse(new StringReader(text))) {
        if (event instanceof AliasEvent) {
          throw notUnderstood(event, "an alias", "write out what it stands for");
        }
        if (event instanceof NodeEvent node && node.getAnchor() != null) {
          throw notUnderstood(event, "an anchor", "take it out, or use quotes");
        }
        if (event instanceof ScalarEvent scalar && scalar.getTag() != null
            || event instanceof CollectionStartEvent start && start.getTag() != null) {
          throw notUnderstood(event, "a tag", "take it out, or use quotes");
        }
      }
    } catch (YAMLException e) {
      // The mapper says what is wrong.
    }
  }

  private CommandException notUnderstood(Event event, String what, String remedy) {
    return failure(
        file
            + place(event.getStartMark().getLine() + 1, event.getStartMark().getColumn() + 1)
            + ": "
            + what
            + " is not understood here; "
            + remedy,
        null);
  }

  private void check(Configuration configuration) {
    configuration
        .contexts()
        .forEach(
            (name, context) -> {
              String place = file + ": contexts." + shown(name);
              if (context == null) {
                throw failure(place + ": is empty; give it flink.url, or take it out", null);
              }
              try {
                ContextRules.checkName(name);
              } catch (IllegalArgumentException e) {
                throw failure(place + ": " + e.getMessage(), e);
              }
              try {
                ContextRules.check(context, next);
              } catch (IllegalArgumentException e) {
                throw failure(place + "." + e.getMessage(), e);
              }
            });
    String current = configuration.current();
    if (current != null
        && !current.equals(Configuration.LOCAL)
        && !configuration.contexts().containsKey(current)) {
      throw failure(
          file
              + ": current: there is no context "
              + shown(current)
              + "; known are: "
              + configuration.known(),
          null);
    }
  }

  /** The text of a file. */
  String write(Configuration configuration) {
    try {
      return mapper.writeValueAsString(configuration);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CommandException problem(JsonProcessingException e) {
    String place =
        e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null
            ? place(marked.getProblemMark().getLine() + 1, marked.getProblemMark().getColumn() + 1)
            : e.getLocation() == null ? "" : place(e.getLocation());
    return failure(file + place + ": " + what(e), e);
  }

  private static String place(JsonLocation at) {
    return at.getLineNr() < 1 ? "" : place(at.getLineNr(), at.getColumnNr());
  }

  private static String place(int line, int column) {
    return ", line " + line + ", column " + column;
  }

  private static String what(JsonProcessingException e) {
    if (e instanceof UnrecognizedPropertyException unknown) {
      return unknown(unknown);
    }
    if (e instanceof MismatchedInputException mismatch) {
      return mismatch(mismatch);
    }
    if (e.getCause() instanceof MarkedYAMLException marked) {
      return "is no YAML: " + marked.getProblem();
    }
    String message = String.valueOf(e.getOriginalMessage());
    if (message.startsWith("Duplicate field")) {
      return "a key is given twice; take one of the two out";
    }
    return "is no YAML that can be read; check it there";
  }

  private static String unknown(UnrecognizedPropertyException e) {
    String name = e.getPropertyName();
    String lower = name.toLowerCase(Locale.ROOT);
    if (List.of("user", "password", "token", "authorization", "secret").contains(lower)) {
      return key(e)
          + ": a secret is never written here; give flink.basic.user-file,"
          + " flink.basic.password-file or flink.bearer.token-file, or the name of a variable with"
          + " -env";
    }
    TreeSet<String> known = new TreeSet<>();
    e.getKnownPropertyIds().forEach(id -> known.add(id.toString()));
    return key(e) + ": there is no such key; known are: " + String.join(", ", known);
  }

  private static String mismatch(MismatchedInputException e) {
    Class<?> type = e.getTargetType();
    String wanted = "a section with keys of its own";
    if (type == String.class) {
      wanted = "text; put a number, true and false in quotes";
    } else if (type == boolean.class) {
      wanted = "true or false";
    }
    String message = String.valueOf(e.getOriginalMessage());
    if (message.startsWith("Trailing token")) {
      return "a second document begins here; put all contexts into one";
    }
    return (e.getPath().isEmpty() ? "the document" : key(e)) + ": must be " + wanted;
  }

  private static String key(JsonMappingException e) {
    List<String> keys = new ArrayList<>();
    for (JsonMappingException.Reference reference : e.getPath()) {
      keys.add(
          reference.getFieldName() == null
              ? "[" + reference.getIndex() + "]"
              : shown(reference.getFieldName()));
    }
    return String.join(".", keys);
  }

  private static String shown(String text) {
    return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
  }

  private static CommandException failure(String message, Throwable cause) {
    return new CommandException(ExitCode.FAILED, message, cause);
  }
}
