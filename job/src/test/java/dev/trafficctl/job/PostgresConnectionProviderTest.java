package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresConnectionProviderTest {
  private static final String URL = "jdbc:postgresql://127.0.0.1:1/traffic";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"", "postgres://host/database", "jdbc:mysql://host/database"})
  void refusesAnotherUrl(String url) {
    assertThatThrownBy(() -> new PostgresConnectionProvider(url, "traffic", "write"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "POSTGRES_URL is no JDBC URL for Postgres."
                + " Give one like jdbc:postgresql://host:5432/database");
  }

  @ParameterizedTest
  @ValueSource(strings = {"password", "sslpassword"})
  void refusesAPasswordInTheUrl(String parameter) {
    String url = URL + "?" + parameter + "=canary";

    assertThatThrownBy(() -> new PostgresConnectionProvider(url, "traffic", "write"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "POSTGRES_URL carries a password (%s), which would be stored with the job."
                    .formatted(parameter)
                + " Remove it and set POSTGRES_PASSWORD where the TaskManagers run");
  }

  @Test
  void refusesAFileThatOthersMayRead() throws IOException {
    Path file = passwordFile("rw-r-----");

    assertThatThrownBy(() -> reading(file.toString()).getOrEstablishConnection())
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessage(
            "POSTGRES_PASSWORD_FILE: %s can be read by others; run chmod 600 on it"
                .formatted(file));
  }

  @Test
  void refusesAFileThatIsNotThere() {
    Path file = directory.resolve("missing");

    assertThatThrownBy(() -> reading(file.toString()).getOrEstablishConnection())
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessage(
            "POSTGRES_PASSWORD_FILE: %s cannot be read; check that it exists and who owns it"
                .formatted(file));
  }

  @Test
  void refusesTwoPasswords() throws IOException {
    String file = passwordFile("rw-------").toString();
    Map<String, String> environment =
        Map.of("POSTGRES_PASSWORD", "one", "POSTGRES_PASSWORD_FILE", file);
    PostgresConnectionProvider connections =
        new PostgresConnectionProvider(URL, "traffic", "write", environment::get);

    assertThatThrownBy(connections::getOrEstablishConnection)
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessage(
            "POSTGRES_PASSWORD_FILE: POSTGRES_PASSWORD is set as well; unset one of the two");
  }

  @Test
  void saysWhichServerCannotBeReached() throws IOException {
    assertThatThrownBy(
            () -> reading(passwordFile("r--------").toString()).getOrEstablishConnection())
        .hasMessage(
            "Postgres at jdbc:postgresql://127.0.0.1:1/traffic cannot be connected to as user"
                + " 'traffic': Connection to 127.0.0.1:1 refused. Check that the hostname and port"
                + " are correct and that the postmaster is accepting TCP/IP connections; check host"
                + " and port in POSTGRES_URL, and that Postgres runs");
  }

  @Test
  void namesItselfWithoutTheRestOfTheUrl() {
    assertThat(
            new PostgresConnectionProvider(
                "jdbc:postgresql://db.example/traffic?sslrootcert=/secret/path", "u", "write"))
        .hasToString("user 'u' at db.example:5432/traffic");
  }

  private Path passwordFile(String permissions) throws IOException {
    Path file = Files.writeString(directory.resolve("password"), "canary\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private static PostgresConnectionProvider reading(String file) {
    Map<String, String> environment = Map.of("POSTGRES_PASSWORD_FILE", file);
    return new PostgresConnectionProvider(URL, "traffic", "write", environment::get);
  }
}
