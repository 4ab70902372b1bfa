package dev.trafficctl.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.yaml.snakeyaml.DumperOptions;

/** A result as a versioned JSON or YAML document, for programs. */
public final class Document {
  /** The version of the documents' form; it changes when a field goes away or changes meaning. */
  public static final String API_VERSION = "trafficctl/v1";

  private Document() {}

  /** Prints a result as JSON or YAML, with {@code apiVersion} as its first field. */
  public static void print(Object result, Format format, PrintWriter out) {
    ObjectMapper mapper = format == Format.YAML ? yaml() : json();
    ObjectNode document = mapper.createObjectNode().put("apiVersion", API_VERSION);
    document.setAll((ObjectNode) mapper.valueToTree(result));
    try {
      out.println(mapper.writeValueAsString(document).strip());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectMapper json() {
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        // Nothing that a terminal would act on is left in the text.
        .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
        .build();
  }

  private static ObjectMapper yaml() {
    DumperOptions options = new DumperOptions();
    options.setAllowUnicode(false);
    YAMLFactory factory =
        YAMLFactory.builder()
            .dumperOptions(options)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build();
    return new YAMLMapper(factory);
  }
}
