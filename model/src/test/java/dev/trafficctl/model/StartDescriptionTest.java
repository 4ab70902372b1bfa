package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartDescriptionTest {
  private static final StartDescription DESCRIPTION =
      new StartDescription("job \"1\"", 4, List.of("--filter", "a: [b]\nc"), "1.2.3", "ab12");

  @Test
  void isTheSameAfterAWayThroughJson() {
    assertThat(StartDescription.ofJson(DESCRIPTION.toJson())).isEqualTo(DESCRIPTION);
    assertThat(DESCRIPTION.toJson())
        .isEqualTo(
            "{\"jobName\":\"job \\\"1\\\"\",\"parallelism\":4,\"version\":\"1.2.3\","
                + "\"jarSha256\":\"ab12\",\"arguments\":[\"--filter\",\"a: [b]\\nc\"]}");
  }

  @Test
  void comesFromTheParametersThatAJobRegisters() {
    assertThat(
            StartDescription.of(
                "job \"1\"",
                4,
                Map.of(
                    "trafficctl.arguments", StartDescription.json(DESCRIPTION.arguments()),
                    "trafficctl.version", "1.2.3",
                    "trafficctl.jar-sha256", "ab12")))
        .isEqualTo(DESCRIPTION);
  }

  @Test
  void ignoresWhatALaterVersionAdds() {
    assertThat(
            StartDescription.ofJson(
                "{\"jobName\":\"a\",\"parallelism\":1,\"arguments\":[],\"more\":{}}"))
        .isEqualTo(new StartDescription("a", 1, List.of(), null, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{\"parallelism\":1,\"arguments\":[]}",
        "{\"jobName\":\"a\",\"arguments\":[]}",
        "{\"jobName\":\"a\",\"parallelism\":1}",
        "{\"jobName\":\"a\",\"parallelism\":1,\"arguments\":[1]}"
      })
  void refusesWhatIsSomethingElse(String text) {
    assertThatThrownBy(() -> StartDescription.ofJson(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesParametersWithoutArguments() {
    assertThatThrownBy(() -> StartDescription.of("a", 1, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the job registers no trafficctl.arguments");
  }
}
