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
  void theOwnersPasswordIsInTheFileAndInNoEnvironment() throws Exception {
    Secrets made = Secrets.in(new StackDirectory(directory), Security.PLAINTEXT);

    assertThat(Files.readString(directory.resolve("secrets.env")))
        .contains("POSTGRES_OWNER_PASSWORD=" + made.ownersPassword() + "\n");
    assertThat(made.ownersPassword()).hasSizeGreaterThan(15);
    assertThat(made.environment().values()).doesNotContain(made.ownersPassword());
    assertThat(made.withOwner(new StackDirectory(directory))).isSameAs(made);
  }

  @Test
  void aStackWithoutAnOwnerIsGivenAPasswordForOneAndKeepsItsOthers() throws Exception {
    Path file = directory.resolve("secrets.env");
    Files.writeString(file, "POSTGRES_PASSWORD=former\n");
    StackDirectory stack = new StackDirectory(directory);
    Secrets former = Secrets.in(stack, Security.PLAINTEXT);
    assertThat(former.ownersPassword()).isNull();

    Secrets whole = former.withOwner(stack);

    assertThat(whole.postgresPassword()).isEqualTo("former");
    assertThat(whole.ownersPassword()).hasSizeGreaterThan(15);
    assertThat(Secrets.in(stack, Security.PLAINTEXT)).isEqualTo(whole);
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void withoutSecurityThereIsNoKey() {
    Secrets made = Secrets.in(new StackDirectory(directory), Security.PLAINTEXT);

    assertThat(made.environment()).containsOnlyKeys("POSTGRES_PASSWORD");
  }
}
