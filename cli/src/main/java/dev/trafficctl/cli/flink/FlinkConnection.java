package dev.trafficctl.cli.flink;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import java.nio.file.Path;
import okhttp3.HttpUrl;

/**
 * How Flink's REST API is reached.
 *
 * @param address its URL, http or https, without user, query and fragment
 * @param tls the certificates of an https connection; null for the CAs that Java trusts and no
 *     client certificate
 * @param credential what proves to Flink who asks, or null
 */
public record FlinkConnection(HttpUrl address, Tls tls, Credential credential) {

  /**
   * The certificates of an https connection, as PEM files.
   *
   * @param caCertificate the only CAs that are trusted, or null for those that Java trusts
   * @param clientCertificate the client's certificate with those that lead to its CA, or null
   * @param clientKey the private key of the client certificate in PKCS#8, or null
   */
  public record Tls(Path caCertificate, Path clientCertificate, Path clientKey) {}

  /**
   * What proves to Flink who asks.
   *
   * @param header the value of the header {@code Authorization}, which is secret
   * @param shown what it is, for users, such as {@code token}
   */
  public record Credential(String header, String shown) {
    /** What it is, without the secret. */
    @Override
    public String toString() {
      return "Credential[" + shown + "]";
    }
  }

  /**
   * A connection to an address such as {@code http://127.0.0.1:8081}, without certificates and
   * credential.
   *
   * @param next what is recommended when it holds a secret
   * @throws CommandException when that is no such address
   */
  public static FlinkConnection to(String address, NextCommands next) {
    try {
      return new FlinkConnection(parse(address, next), null, null);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, e.getMessage(), e);
    }
  }

  /**
   * The URL of a Flink, with a slash at its end.
   *
   * @param next what is recommended when it holds a secret
   * @throws IllegalArgumentException with what is wrong; it repeats no user and no password
   */
  public static HttpUrl parse(String address, NextCommands next) {
    HttpUrl url = HttpUrl.parse(address);
    if (address.contains("@")) {
      throw new IllegalArgumentException(
          "the address of the Flink"
              + (url == null ? "" : " on " + url.host())
              + " has a user or a password in it; take them out and give them to a context: "
              + next.explainContexts());
    }
    if (url == null || url.querySize() > 0 || url.fragment() != null) {
      throw new IllegalArgumentException(
          "'" + address + "' is not the address of a Flink; give for example http://host:8081");
    }
    return url.encodedPath().endsWith("/") ? url : url.newBuilder().addPathSegment("").build();
  }

  /** Whether what is sent can be read by nobody but Flink: by https, or within this machine. */
  public boolean isPrivate() {
    String host = address.host();
    return address.isHttps()
        || host.equals("localhost")
        || host.equals("::1")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }
}
