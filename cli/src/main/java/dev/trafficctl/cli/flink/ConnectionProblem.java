package dev.trafficctl.cli.flink;

import dev.trafficctl.cli.process.NextCommands;
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
  /**
   * The problem behind an exception.
   *
   * @param next what is recommended
   * @param connect how long a connection was tried for
   * @param timeout how long the answer was waited for
   */
  static ConnectionProblem of(
      IOException e, FlinkConnection to, NextCommands next, Duration connect, Duration timeout) {
    String checkAddress =
        "check the address and that Flink runs (the local one: " + next.localStatus() + ")";
    boolean connecting =
        e instanceof SocketTimeoutException && String.valueOf(e.getMessage()).contains("connect");
    if (e instanceof UnknownHostException) {
      return never("the host is unknown", checkAddress);
    }
    if (e instanceof NoRouteToHostException) {
      return never("there is no route to the host", checkAddress);
    }
    if (connecting) {
      return never("no connection within " + connect.toSeconds() + " s", checkAddress);
    }
    if (e instanceof ConnectException) {
      return never("the connection is refused", checkAddress);
    }
    if (e instanceof InterruptedIOException) {
      return new ConnectionProblem(
          "no full answer within " + timeout.toSeconds() + " s", checkAddress, true);
    }
    if (e instanceof SSLException) {
      return ofTls((SSLException) e, to, next, checkAddress);
    }
    if (to.address().isHttps() && !hasClientCertificate(to)) {
      // A server that misses a certificate says so, but hangs up at once, and the word can be lost.
      return new ConnectionProblem(
          "the connection broke off, or this port speaks another protocol, or it demands a client"
              + " certificate",
          checkAddress,
          true);
    }
    return new ConnectionProblem(
        "the connection broke off, or this port speaks another protocol", checkAddress, true);
  }

  private static ConnectionProblem ofTls(
      SSLException e, FlinkConnection to, NextCommands next, String checkAddress) {
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
          "give the context that CA: " + next.setFlinkCa());
    }
    if (message.matches(".*fatal alert: .*(certificate|unknown_ca|access_denied).*")) {
      return hasClientCertificate(to)
          ? never(
              "it does not accept the client certificate",
              "check that the certificate is valid and which CA it demands")
          : never(
              "it demands a client certificate",
              "give the context one: " + next.setClientCertificate());
    }
    if (message.contains("unrecognized ssl message")) {
      return never("it does not speak https", "try the address with http://");
    }
    return new ConnectionProblem(
        "TLS failed (" + e.getMessage() + ")", checkAddress, !(e instanceof SSLHandshakeException));
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
