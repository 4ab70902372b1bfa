package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.catchThrowable;

import dev.trafficctl.model.TlsDisagreements;
import dev.trafficctl.model.TlsDisagreements.Disagreement;
import java.nio.file.Path;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the job says where it cannot agree with a real Postgres on TLS, and whether it gives up. */
class PostgresTlsIT {
  @TempDir Path directory;

  @Test
  void eachDisagreementOnTlsIsToldWithWhatEndsIt() throws Exception {
    SoftAssertions each = new SoftAssertions();
    try (TestDatabase database = TestDatabase.create();
        TlsDisagreements disagreements =
            new TlsDisagreements(
                database.url(),
                TestDatabase.owner().postgresUser(),
                TestDatabase.owner().environment().get("POSTGRES_PASSWORD"),
                directory)) {
      for (Disagreement one : disagreements.all()) {
        disagreements.configure(one.server());
        Throwable thrown =
            catchThrowable(
                () ->
                    new PostgresConnectionProvider(
                            one.url(), one.user(), "write", TestDatabase::environment)
                        .getOrEstablishConnection());
        boolean givesUp = thrown instanceof SuppressRestartsException;
        each.assertThat(givesUp ? thrown.getCause() : thrown).hasMessage(one.line());
        each.assertThat(givesUp).as(one.line()).isEqualTo(one.lasting());
      }
    }
    each.assertAll();
  }
}
