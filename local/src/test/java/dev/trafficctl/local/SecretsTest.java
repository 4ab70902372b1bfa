package dev.trafficctl.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
  @TempDir Path directory;

  @Test
  void theyAreMadeOnceAndKeptForTheOwnerAlone() throws Exception {
    Path file = directory.resolve("secrets.env");

    Secrets made = Secrets.in(new StackDirectory(directory), Security.SASL_SSL);

    assertThat(Secrets.in(new StackDirectory(directory), Security.SASL_SSL)).isEqualTo(made);
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(made.environment())
        .containsOnlyKeys("POSTGRES_PASSWORD", "KAFKA_WEB_TRAFFIC_KEY", "KAFKA_WEB_TRAFFIC_SECRET");
    assertThat(made.environment().values()).doesNotHaveDuplicates().allMatch(s -> s.length() > 15);
    assertThat(made.toString()).isEqualTo("Secrets[hidden]");
  }

  @Test
  void withoutSecurityThereIsNoKey() {
    Secrets made = Secrets.in(new StackDirectory(directory), Security.PLAINTEXT);

    assertThat(made.environment()).containsOnlyKeys("POSTGRES_PASSWORD");
  }
}
