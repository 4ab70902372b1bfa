package dev.trafficctl.cli.flink;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Why there was no answer, in words.
 *
 * @param what what happened
 * @param advice what to do
 * @param mayHaveArrived whether the request may have been carried out all the same
 */
record ConnectionProblem(String what, String advice, boolean mayHaveArrived) {
  private static final String CHECK_ADDRESS =
      "check the address and that Flink runs (the local one: trafficctl local status)";
  private static final String SET = "trafficctl context set NAME ";

  /**
   * The problem behind an exception.
   *
   * @param connect how long a connection was tried for
   * @param timeout how long the answer was waited for
   */
  static ConnectionProblem of(
      IOException e, FlinkConnection to, Duration connect, Duration timeout) {
    boolean connecting =
        e instanceof SocketTimeoutException && String.valueOf(e.getMessage()).contains("connect");
    if (e instanceof UnknownHostException) {
      return never("the host is unknown", CHECK_ADDRESS);
    }
    if (e instanceof NoRouteToHostException) {
      return never("there is no route to the host", CHECK_ADDRESS);
    }
    if (connecting) {
      return never("no connection within " + connect.toSeconds() + " s", CHECK_ADDRESS);
    }
    if (e instanceof ConnectException) {
      return never("the connection is refused", CHECK_ADDRESS);
    }
    if (e instanceof InterruptedIOException) {
      return new ConnectionProblem(
          "no full answer within " + timeout.toSeconds() + " s", CHECK_ADDRESS, true);
    }
    if (e instanceof SSLException) {
      return ofTls((SSLException) e, to);
    }
    if (to.address().isHttps() && !hasClientCertificate(to)) {
      // A server that misses a certificate says so, but hangs up at once, and the word can be lost.
      return new ConnectionProblem(
          "the connection broke off, or this port speaks another protocol, or it demands a client"
              + " certificate",
          CHECK_ADDRESS,
          true);
    }
    return new ConnectionProblem(
        "the connection broke off, or this port speaks another protocol", CHECK_ADDRESS, true);
  }

  private static ConnectionProblem ofTls(SSLException e, FlinkConnection to) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (e instanceof SSLPeerUnverifiedException) {
      return never(
          "its certificate is not for the host " + to.address().host(),
          "use a name that the certificate was issued for, or have one issued for this host");
    }
    if (hasCause(e, CertificateExpiredException.class)) {
      return never("its certificate has expired", "have it renewed");
    }
    if (hasCause(e, CertificateNotYetValidException.class)) {
      return never("its certificate is not valid yet", "check the clocks of both machines");
    }
    if (hasCause(e, CertificateException.class)) {
      return never(
          "its certificate was not issued by a CA that is trusted here",
          "give the context that CA: " + SET + "--flink-ca-certificate FILE");
    }
    if (message.matches(".*fatal alert: .*(certificate|unknown_ca|access_denied).*")) {
      return hasClientCertificate(to)
          ? never(
              "it does not accept the client certificate",
              "check that the certificate is valid and which CA it demands")
          : never(
              "it demands a client certificate",
              "give the context one: "
                  + SET
                  + "--flink-client-certificate FILE --flink-client-key FILE");
    }
    if (message.contains("unrecognized ssl message")) {
      return never("it does not speak https", "try the address with http://");
    }
    return new ConnectionProblem(
        "TLS failed (" + e.getMessage() + ")",
        CHECK_ADDRESS,
        !(e instanceof SSLHandshakeException));
  }

  private static boolean hasClientCertificate(FlinkConnection to) {
    return to.tls() != null && to.tls().clientCertificate() != null;
  }

  private static boolean hasCause(Throwable e, Class<? extends Throwable> type) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  private static ConnectionProblem never(String what, String advice) {
    return new ConnectionProblem(what, advice, false);
  }
}
