package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresFailureTest {
  @ParameterizedTest
  @CsvSource({
    "08006, TRANSIENT", // connection failure
    "57P01, TRANSIENT", // admin shutdown
    "57P03, TRANSIENT", // cannot connect now
    "40001, TRANSIENT", // serialization failure
    "40P01, TRANSIENT", // deadlock
    "55P03, TRANSIENT", // lock not available
    "25P03, TRANSIENT", // idle in transaction
    "57014, UNAVAILABLE", // statement time-out
    "53100, UNAVAILABLE", // disk full
    "53300, UNAVAILABLE", // too many connections
    "25006, UNAVAILABLE", // read-only
    "XX000, UNAVAILABLE", // internal error
    ", UNAVAILABLE",
    "22021, BAD_ROW", // invalid byte sequence
    "22P05, BAD_ROW", // untranslatable character in jsonb
    "23514, BAD_ROW", // check violation
    "23505, BAD_ROW", // unique violation
    "54000, BAD_ROW", // program limit
    "28P01, MISCONFIGURED", // wrong password
    "3D000, MISCONFIGURED", // no such database
    "42P01, MISCONFIGURED", // no such table
    "42501, MISCONFIGURED", // no privilege
  })
  void sqlStateDecides(String state, PostgresFailure failure) {
    assertThat(PostgresFailure.of(new SQLException("", state))).isEqualTo(failure);
  }
}
