package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresTlsTest {
  private static PostgresTls of(String hosts, String mode, String ssl, String method) {
    Properties parsed = new Properties();
    parsed.setProperty("PGHOST", hosts);
    if (mode != null) {
      parsed.setProperty("sslmode", mode);
    }
    if (ssl != null) {
      parsed.setProperty("ssl", ssl);
    }
    if (method != null) {
      parsed.setProperty("requireAuth", method);
    }
    return PostgresTls.of(parsed);
  }

  @ParameterizedTest
  @CsvSource({
    // hosts, sslmode, ssl, requireAuth; guarded, warned of
    "localhost, , , , false, false",
    "127.0.0.9, , , , false, false",
    "[::1], , , , false, false",
    "::1, disable, , , false, false",
    "'localhost,127.0.0.1', , , , false, false",
    "'localhost,db', , , , true, true",
    "db, , , , true, true",
    "127.0.0.1.example.com, , , , true, true",
    "db, prefer, , , true, true",
    "db, allow, , , true, true",
    "db, disable, , , true, false",
    "db, require, , , false, true",
    "db, verify-ca, , , false, true",
    "db, verify-full, , , false, false",
    "db, VERIFY-FULL, , , false, false",
    "db, , true, , false, false",
    "db, , '', , false, false",
    "db, , false, , true, true",
    "db, prefer, true, , true, true",
    "db, , , password, false, true",
    "db, , , 'password,scram-sha-256', false, true",
  })
  void keepsThePasswordFromAWayThatMayBePlain(
      String hosts, String mode, String ssl, String method, boolean guarded, boolean warned) {
    PostgresTls tls = of(hosts, mode, ssl, method);
    assertThat(tls.guard().getProperty("requireAuth")).isEqualTo(guarded ? "!password" : null);
    assertThat(tls.warning("db:5432").isPresent()).isEqualTo(warned);
  }
}
