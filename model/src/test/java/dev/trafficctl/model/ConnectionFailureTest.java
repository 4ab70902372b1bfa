package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.sql.SQLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class ConnectionFailureTest {
  private static final String URL = "jdbc:postgresql://db:5432/traffic?sslmode=require";
  private static final String CREDENTIALS =
      "check POSTGRES_USER and POSTGRES_PASSWORD, for the job in the environment of the JobManager"
          + " and of every TaskManager";

  private static void says(String state, String message, Throwable cause, String remedy) {
    SQLException thrown = new SQLException(message, state, cause);
    assertThat(ConnectionFailure.of(thrown, message, URL, "traffic", true).words())
        .isEqualTo(
            "Postgres at jdbc:postgresql://db:5432/traffic cannot be connected to as user"
                + " 'traffic': "
                + message
                + "; "
                + remedy);
  }

  private static boolean lasting(String state) {
    return ConnectionFailure.of(new SQLException("x", state), "x", URL, "traffic", true).lasting();
  }

  @Test
  void aServerWithoutTlsIsNoMatterOfThePassword() {
    says(
        "08004",
        "The server does not support SSL",
        null,
        "turn ssl on in postgresql.conf, or connect without TLS by sslmode=disable in POSTGRES_URL");
  }

  @Test
  void aPasswordThatMustNotBeSentInClearTextNamesTheModesThatAllowIt() {
    says(
        "08004",
        "Authentication method is not allowed by requireAuth",
        null,
        "give this user scram-sha-256 in pg_hba.conf; the password itself is sent only where TLS is"
            + " sure (sslmode in POSTGRES_URL is one of require, verify-ca, verify-full), or where"
            + " requireAuth=password in it allows that");
  }

  @Test
  void aCertificateThatNobodyKnowsThatHasExpiredOrIsOfAnotherHost() {
    says(
        "08006",
        "SSL error: PKIX path building failed",
        new SSLHandshakeException("PKIX path building failed")
            .initCause(new CertificateException("PKIX path building failed")),
        "name the certificate of the authority that signed the server's by sslrootcert in"
            + " POSTGRES_URL, a file on every machine that connects");
    says(
        "08006",
        "SSL error: NotAfter",
        new SSLHandshakeException("x").initCause(new CertificateExpiredException("NotAfter")),
        "renew the certificate of Postgres: it has expired");
    says(
        "08006",
        "The hostname db could not be verified by hostnameverifier PgjdbcHostnameVerifier",
        null,
        "put the host name that is in the server's certificate into POSTGRES_URL, or give the"
            + " server a certificate for this one");
    says(
        "08006",
        "SSL error: handshake_failure",
        new SSLHandshakeException("handshake_failure"),
        "check sslmode, sslrootcert, sslcert and sslkey in POSTGRES_URL, and ssl in"
            + " postgresql.conf");
  }

  @Test
  void whoMayNotLogIn() {
    says("28P01", "password authentication failed for user \"traffic\"", null, CREDENTIALS);
    says(
        "28000",
        "role \"traffic\" does not exist",
        null,
        "check POSTGRES_USER, and that it may log in");
    says(
        "28000",
        "no pg_hba.conf entry for host \"::1\"",
        null,
        "add a line for this host, user and database to pg_hba.conf; where its line is hostssl,"
            + " add sslmode=require to POSTGRES_URL");
    says("42501", "permission denied for database", null, "grant the user CONNECT on the database");
    says(
        "08004",
        "The authentication type 9 is not supported",
        null,
        "check the method for this user in pg_hba.conf: scram-sha-256, md5 and password can be used");
    SQLException noPassword = new SQLException("no password was provided", "08004");
    assertThat(ConnectionFailure.of(noPassword, "no password", URL, "traffic", false).words())
        .endsWith(
            ": no password; set POSTGRES_PASSWORD, for the job in the environment of the"
                + " JobManager and of every TaskManager");
  }

  @Test
  void whatIsNotThereNotReadyOrFull() {
    says(
        "3D000",
        "database \"traffic\" does not exist",
        null,
        "check the name of the database at the end of POSTGRES_URL, or create it");
    says(
        "53300",
        "sorry, too many clients already",
        null,
        "end connections that nobody needs, or raise max_connections of Postgres or the CONNECTION"
            + " LIMIT of user and database");
    says(
        "57P03",
        "the database system is starting up",
        null,
        "it is not ready yet: wait until it has started, and try again");
    says(
        "08001",
        "Connection to db:5432 refused",
        new ConnectException("refused"),
        "check host and port in POSTGRES_URL, and that Postgres runs");
    says(
        "08001",
        "The connection attempt failed",
        new SocketTimeoutException("timed out"),
        "check host and port in POSTGRES_URL, and that no firewall is between");
    says(
        "08001",
        "The connection attempt failed",
        new EOFException(),
        "check that Postgres is what listens there");
    says(
        "08P01",
        "unsupported startup parameter: options",
        null,
        "remove it from POSTGRES_URL, or add it to ignore_startup_parameters of the pooler");
  }

  @Test
  void aHostThatHasNoAddress() {
    SQLException thrown =
        new SQLException("The connection attempt failed", "08001", new UnknownHostException("db"));
    assertThat(ConnectionFailure.of(thrown, thrown.getMessage(), URL, "traffic", true).words())
        .endsWith(
            ": no such host; check the host in POSTGRES_URL, and that this machine can resolve its"
                + " name");
  }

  @Test
  void onlyWhatSomebodyMustChangeIsLasting() {
    for (String state : new String[] {"08004", "28000", "28P01", "3D000", "42501"}) {
      assertThat(lasting(state)).as(state).isTrue();
    }
    for (String state : new String[] {"08001", "08006", "53300", "57P03", "08P01", null}) {
      assertThat(lasting(state)).as(state).isFalse();
    }
  }
}
