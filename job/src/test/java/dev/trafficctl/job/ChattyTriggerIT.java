package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** A trigger that says something of each row, which the driver would keep. */
class ChattyTriggerIT extends WriterOfOddTables {
  @Test
  void nothingIsSentOfWhatATriggerSays() throws Exception {
    trigger(
        "BEFORE INSERT",
        "RAISE WARNING 'seen'; IF current_setting('client_min_messages') <> 'error' THEN"
            + " RAISE 'it is sent'; END IF; RETURN NEW;");
    write(0, 10);
    write(0, 12);

    assertThat(database.count("processed_events")).isEqualTo(12);
    assertThat(database.count("rejected_events")).isZero();
  }

  @Test
  void whatIsSentWhateverIsSetIsNotKept() throws Exception {
    database.execute(
        """
        CREATE TABLE chatty (n int CHECK (n < 3));
        CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE INFO 'seen'; RETURN NEW; END $$;
        CREATE TRIGGER look BEFORE INSERT ON chatty FOR EACH ROW EXECUTE FUNCTION look()""");
    PostgresConnectionProvider connections = database.connections();
    Connection connection = connections.getOrEstablishConnection();
    copy(connection, "1\n2\n");
    assertThat((Throwable) connection.getWarnings()).isNull();
    assertThatThrownBy(() -> copy(connection, "1\n3\n")).isInstanceOf(SQLException.class);
    assertThat((Throwable) connection.getWarnings()).isNull();
    connections.close();
  }

  private static void copy(Connection connection, String rows) throws SQLException {
    Transaction.commit(
        connection,
        statement -> {
          try {
            connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY chatty FROM STDIN", new StringReader(rows));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          assertThat((Throwable) connection.getWarnings()).isNotNull();
          return null;
        });
  }
}
