package dev.trafficctl.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class DocumentTest {
  private record Result(String name, Long lag) {}

  private final StringWriter text = new StringWriter();

  @Test
  void writesJsonThatNoTerminalActsOn() {
    Document.print(new Result("a\u001b\u202eé", null), Format.JSON, new PrintWriter(text, true));
    assertThat(text.toString())
        .isEqualTo(
            """
            {
              "apiVersion" : "trafficctl/v1",
              "name" : "a\\u001B\\u202E\\u00E9",
              "lag" : null
            }
            """);
  }

  @Test
  void writesYamlThatNoTerminalActsOn() {
    Document.print(new Result("a\u001b\u202e", 12L), Format.YAML, new PrintWriter(text, true));
    assertThat(text.toString())
        .isEqualTo(
            """
            apiVersion: trafficctl/v1
            name: "a\\e\\u202e"
            lag: 12
            """);
  }
}
