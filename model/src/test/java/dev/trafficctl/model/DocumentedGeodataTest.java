package dev.trafficctl.model;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DocumentedGeodataTest {
  @ParameterizedTest
  @EnumSource
  void thePageHasTheHeadersOfEachKey(Geodata.Key key) throws IOException {
    String headers =
        Geodata.KEYS_BY_HEADER.entrySet().stream()
            .filter(header -> header.getValue().contains(key))
            .map(header -> "`" + header.getKey() + "`")
            .collect(joining(", "));

    assertThat(Files.readAllLines(Path.of("../docs/events.md")))
        .contains("| `%s` | %s |".formatted(key.text(), headers));
  }
}
