package dev.trafficctl.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ChildEnvironmentTest {
  @Test
  void whatIsTheCallersOwnStaysThere() {
    Map<String, String> environment =
        new TreeMap<>(
            Map.of(
                "PATH", "/bin",
                "HOME", "/home/a",
                "LC_ALL", "C.UTF-8",
                "TZ", "UTC",
                "AWS_SECRET_ACCESS_KEY", "s1",
                "GITHUB_TOKEN", "s2",
                "KAFKA_WEB_TRAFFIC_SECRET", "s3",
                "POSTGRES_PASSWORD", "of another",
                "SSH_AUTH_SOCK", "/tmp/agent",
                "JAVA_TOOL_OPTIONS", "-Dhttp.proxyPassword=s4"));
    ChildEnvironment.limit(environment, Map.of("POSTGRES_PASSWORD", "own"));
    assertThat(environment)
        .isEqualTo(
            Map.of(
                "PATH", "/bin",
                "HOME", "/home/a",
                "LC_ALL", "C.UTF-8",
                "TZ", "UTC",
                "POSTGRES_PASSWORD", "own"));
  }

  @Test
  void aCommandHasNothingElse() {
    String printed = new Command(List.of("env"), Map.of("GIVEN", "1")).run("looking");
    // What a shell or the dynamic loader adds by itself does not come from the caller.
    assertThat(printed.lines().map(line -> line.replaceFirst("=.*", "")))
        .contains("GIVEN")
        .allMatch(name -> ChildEnvironment.isPassedOn(name) || name.equals("GIVEN"));
  }
}
