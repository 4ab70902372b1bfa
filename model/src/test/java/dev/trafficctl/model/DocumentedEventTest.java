package dev.trafficctl.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The event and the filter's rules that the page of the events shows are such. */
class DocumentedEventTest {
  private static final Path PAGE = Path.of("../docs/events.md");

  private static String block(String language) throws IOException {
    return Pattern.compile("(?s)```" + language + "\n(.*?)```")
        .matcher(Files.readString(PAGE))
        .results()
        .map(result -> result.group(1))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theEventIsOne() throws IOException {
    ParseResult parsed =
        new EventParser(Duration.ofMinutes(10))
            .parse(
                block("json").getBytes(UTF_8),
                Instant.parse("2024-02-01T00:00:00Z").toEpochMilli());

    assertThat(parsed).isInstanceOf(WebEvent.class);
  }

  @Test
  void theRulesAreTaken() throws IOException {
    assertThat(FilterRules.parse(block("yaml")).names())
        .containsExactly("other-hosts", "static-files", "health-checks", "bots", "offices");
  }
}
