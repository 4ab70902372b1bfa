package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.model.WriteFailure;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class BatchFailureTest {
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
    "0A000, TABLE", // feature not supported, such as COPY with row-level security
    "28P01, TABLE", // wrong password
    "3D000, TABLE", // no such database
    "42P01, TABLE", // no such table
    "42501, TABLE", // no privilege
    "428C9, TABLE", // generated always
    "22021, REFUSED", // invalid byte sequence
    "22P05, REFUSED", // untranslatable character in jsonb
    "23514, REFUSED", // check violation
    "23505, REFUSED", // unique violation
    "54000, REFUSED", // program limit
    "P0001, REFUSED", // raised by a function
    "45000, REFUSED", // a state that is nobody's but the function's
    "02000, REFUSED", // taken away by a trigger
  })
  void sqlStateDecides(String state, WriteFailure failure) {
    assertThat(BatchFailure.of(new SQLException("", state))).isEqualTo(failure);
  }

  @ParameterizedTest
  @ValueSource(strings = {"42501", "0A000", "55000", "XX000", "P0001", "23502", "ABC01"})
  void whateverAFunctionRaisesMayBeTheRows(String state) {
    assertThat(
            BatchFailure.of(
                fromServer(state, "WPL/pgSQL function check_url() line 3 at RAISE", "tt")))
        .isEqualTo(WriteFailure.REFUSED);
  }

  @Test
  void aFunctionIsKnownInEveryLanguageOfTheServer() {
    for (String where :
        new String[] {
          "PL/pgSQL-Funktion check_url() Zeile 3 bei RAISE\nCOPY processed_events, Zeile 1",
          "fonction PL/pgSQL check_url(), ligne 3 à RAISE",
          "fonction Python \u00ab check_url \u00bb\nCOPY processed_events, ligne 1"
        }) {
      assertThat(BatchFailure.of(fromServer("42501", "W" + where))).isEqualTo(WriteFailure.REFUSED);
    }
    assertThat(BatchFailure.of(fromServer("42501", "WCOPY processed_events, Zeile 1, Spalte url")))
        .isEqualTo(WriteFailure.TABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"40P01", "57P01", "08006"})
  void whatIsTransientIsSoInAFunctionToo(String state) {
    assertThat(BatchFailure.of(fromServer(state, "WPL/pgSQL function check_url() line 3 at RAISE")))
        .isEqualTo(WriteFailure.TRANSIENT);
  }

  @Test
  void aMissingPartitionIsTheTablesAndAViolatedConstraintTheRows() {
    assertThat(BatchFailure.of(fromServer("23514", "tprocessed_events")))
        .isEqualTo(WriteFailure.TABLE);
    assertThat(BatchFailure.of(fromServer("23514", "tprocessed_events", "nurl_check")))
        .isEqualTo(WriteFailure.REFUSED);
  }

  /** An error as the server sends it: fields with a letter before each. */
  private static SQLException fromServer(String state, String... more) {
    String fields = "SERROR\0C" + state + "\0Mmessage\0" + String.join("\0", more);
    return new PSQLException(new ServerErrorMessage(fields));
  }
}
