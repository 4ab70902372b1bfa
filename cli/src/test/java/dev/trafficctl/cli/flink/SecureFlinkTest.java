package dev.trafficctl.cli.flink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.command.next.ShellCommands;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a Flink is reached that asks for certificates, a user or a token, or shows a bad one. */
class SecureFlinkTest {
  private static final HeldCertificate CA =
      new HeldCertificate.Builder().certificateAuthority(0).commonName("the CA").build();
  private static final HeldCertificate OTHER_CA =
      new HeldCertificate.Builder().certificateAuthority(0).commonName("another CA").build();
  private static final HeldCertificate SERVER = issued("127.0.0.1").build();

  private final TestConsole console = TestConsole.frozen();
  private final List<HttpServer> servers = new ArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private int status = 200;
  private String location;
  private String url;

  @TempDir Path directory;

  private static HeldCertificate.Builder issued(String host) {
    return new HeldCertificate.Builder().signedBy(CA).addSubjectAlternativeName(host);
  }

  @BeforeEach
  void configuration() {
    console.with("XDG_CONFIG_HOME", directory.toString());
  }

  @AfterEach
  void stop() {
    servers.forEach(server -> server.stop(0));
  }

  private String listen(HttpServer server, String scheme) {
    server.createContext("/", this::answer);
    server.start();
    servers.add(server);
    url = scheme + "://127.0.0.1:" + server.getAddress().getPort() + "/";
    return url;
  }

  private void answer(HttpExchange exchange) throws IOException {
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    byte[] body = (status == 200 ? "{\"jobs\":[]}" : "no").getBytes(UTF_8);
    try (exchange) {
      if (location != null) {
        exchange.getResponseHeaders().add("Location", location);
      }
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private void http() throws IOException {
    listen(HttpServer.create(anyPort(), 0), "http");
  }

  private void https(HeldCertificate certificate, boolean demandsClient) throws IOException {
    HttpsServer server = HttpsServer.create(anyPort(), 0);
    SSLContext context =
        new HandshakeCertificates.Builder()
            .heldCertificate(certificate)
            .addTrustedCertificate(CA.certificate())
            .build()
            .sslContext();
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters tls = context.getDefaultSSLParameters();
            tls.setNeedClientAuth(demandsClient);
            parameters.setSSLParameters(tls);
          }
        });
    listen(server, "https");
  }

  private String file(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file.toString();
  }

  private String ca() throws IOException {
    return file("ca.pem", CA.certificatePem());
  }

  private void context(String... options) {
    List<String> arguments = new ArrayList<>(List.of("context", "set", "production"));
    arguments.addAll(List.of("--flink", url));
    arguments.addAll(List.of(options));
    int exitCode = console.run(arguments.toArray(new String[0]));
    assertThat(console.err()).startsWith("saved the context production\n");
    assertThat(exitCode).isZero();
  }

  private int jobs() {
    return console.run("jobs", "--context", "production");
  }

  private void reaches() {
    int exitCode = jobs();
    assertThat(console.err()).doesNotContain("cannot");
    assertThat(exitCode).isZero();
    assertThat(authorizations).hasSize(1);
  }

  private void fails(int exitCode, String message) {
    assertThat(jobs()).isEqualTo(exitCode);
    assertThat(console.err()).isEqualTo("trafficctl: " + message + "\n");
    assertThat(console.out()).isEqualTo("");
  }

  @Test
  void aServerWhoseCaIsKnown() throws IOException {
    https(SERVER, false);
    context("--flink-ca-certificate", ca());
    reaches();
    assertThat(authorizations).containsExactly("null");
  }

  @Test
  void severalCasInOneFile() throws IOException {
    https(SERVER, false);
    context(
        "--flink-ca-certificate",
        file("both.pem", OTHER_CA.certificatePem() + "and\n" + CA.certificatePem()));
    reaches();
  }

  @Test
  void aServerThatJavaDoesNotTrust() throws IOException {
    https(SERVER, false);
    context();
    fails(5, untrusted());
  }

  @Test
  void aServerOfAnotherCa() throws IOException {
    https(SERVER, false);
    context("--flink-ca-certificate", file("other.pem", OTHER_CA.certificatePem()));
    fails(5, untrusted());
  }

  @Test
  void aSelfSignedCertificate() throws IOException {
    https(new HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").build(), false);
    context("--flink-ca-certificate", ca());
    fails(5, untrusted());
    assertThat(authorizations).isEmpty();
  }

  private String untrusted() {
    return "cannot reach Flink at "
        + url
        + ": its certificate was not issued by a CA that is trusted here; give the context that"
        + " CA: trafficctl context set NAME --flink-ca-certificate FILE";
  }

  @Test
  void anExpiredCertificate() throws IOException {
    long now = System.currentTimeMillis();
    long day = TimeUnit.DAYS.toMillis(1);
    https(issued("127.0.0.1").validityInterval(now - 2 * day, now - day).build(), false);
    context("--flink-ca-certificate", ca());
    fails(5, "cannot reach Flink at " + url + ": its certificate has expired; have it renewed");
  }

  @Test
  void aCertificateThatIsNotValidYet() throws IOException {
    long now = System.currentTimeMillis();
    long day = TimeUnit.DAYS.toMillis(1);
    https(issued("127.0.0.1").validityInterval(now + day, now + 2 * day).build(), false);
    context("--flink-ca-certificate", ca());
    fails(
        5,
        "cannot reach Flink at "
            + url
            + ": its certificate is not valid yet; check the clocks of both machines");
  }

  @Test
  void aCertificateForAnotherHost() throws IOException {
    https(issued("flink.example.com").build(), false);
    context("--flink-ca-certificate", ca());
    fails(
        5,
        "cannot reach Flink at "
            + url
            + ": its certificate is not for the host 127.0.0.1; use a name that the certificate was"
            + " issued for, or have one issued for this host");
    assertThat(authorizations).isEmpty();
  }

  @Test
  void aServerThatDemandsAClientCertificate() throws IOException {
    https(SERVER, true);
    HeldCertificate client = issued("alice").build();
    context(
        "--flink-ca-certificate",
        ca(),
        "--flink-client-certificate",
        file("client.pem", client.certificatePem()),
        "--flink-client-key",
        file("client.key", client.privateKeyPkcs8Pem()));
    reaches();
  }

  @Test
  void aClientCertificateWithAnRsaKeyBehindAnIntermediateCa() throws IOException {
    https(SERVER, true);
    HeldCertificate intermediate =
        new HeldCertificate.Builder().certificateAuthority(0).signedBy(CA).build();
    HeldCertificate client = new HeldCertificate.Builder().rsa2048().signedBy(intermediate).build();
    context(
        "--flink-ca-certificate",
        ca(),
        "--flink-client-certificate",
        file("client.pem", client.certificatePem() + intermediate.certificatePem()),
        "--flink-client-key",
        file("client.key", client.privateKeyPkcs8Pem()));
    reaches();
  }

  @Test
  void aClientCertificateThatIsMissing() throws IOException {
    https(SERVER, true);
    context("--flink-ca-certificate", ca());
    assertThat(jobs()).isEqualTo(5);
    assertThat(console.err()).contains("it demands a client certificate").hasLineCount(1);
    assertThat(authorizations).isEmpty();
  }

  @Test
  void aClientCertificateOfAnotherCa() throws IOException {
    https(SERVER, true);
    HeldCertificate client = new HeldCertificate.Builder().signedBy(OTHER_CA).build();
    context(
        "--flink-ca-certificate",
        ca(),
        "--flink-client-certificate",
        file("client.pem", client.certificatePem()),
        "--flink-client-key",
        file("client.key", client.privateKeyPkcs8Pem()));
    assertThat(jobs()).isEqualTo(5);
    assertThat(console.err()).contains("cannot reach Flink at " + url).hasLineCount(1);
    assertThat(authorizations).isEmpty();
  }

  @Test
  void aServerThatDoesNotSpeakHttps() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      url = "https://127.0.0.1:" + server.getLocalPort() + "/";
      context();
      CompletableFuture<Void> answer =
          CompletableFuture.runAsync(
              () -> {
                try (Socket socket = server.accept()) {
                  socket
                      .getOutputStream()
                      .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
                  socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                  // The client hangs up when it likes.
                }
              });
      fails(
          5,
          "cannot reach Flink at "
              + url
              + ": it does not speak https; try the address with http://");
      answer.join();
    }
  }

  @Test
  void filesThatHoldSomethingElse() throws IOException {
    https(SERVER, false);
    context("--flink-ca-certificate", directory.resolve("none.pem").toString());
    fails(
        1,
        "context production: "
            + directory
            + "/none.pem cannot be read; check that it exists and who owns it");
    context("--flink-ca-certificate", file("text.pem", "hello"));
    fails(
        1,
        "context production: "
            + directory
            + "/text.pem holds no certificate in PEM form; check what was saved there");
  }

  @Test
  void keysThatCannotBeUsed() throws IOException {
    https(SERVER, true);
    HeldCertificate client = issued("alice").rsa2048().build();
    String certificate = file("client.pem", client.certificatePem());
    String key = file("client.key", client.privateKeyPkcs1Pem());
    context(
        "--flink-ca-certificate",
        ca(),
        "--flink-client-certificate",
        certificate,
        "--flink-client-key",
        key);
    fails(
        1,
        "context production: "
            + key
            + " holds no unencrypted PKCS#8 key in PEM form; make one with: openssl pkcs8 -topk8"
            + " -nocrypt -in KEY -out client.key");
    file("client.key", issued("bob").rsa2048().build().privateKeyPkcs8Pem());
    fails(1, "context production: " + key + " is not the key of the certificate in " + certificate);
    file("client.key", client.privateKeyPkcs8Pem().replace("\nM", "\n?"));
    fails(1, unreadable(key, certificate));
    file("client.key", SERVER.privateKeyPkcs8Pem());
    fails(1, unreadable(key, certificate));
    Files.setPosixFilePermissions(Path.of(key), PosixFilePermissions.fromString("rw-r-----"));
    fails(1, "context production: " + key + " can be read by others; run chmod 600 on it");
  }

  private static String unreadable(String key, String certificate) {
    return "context production: "
        + key
        + " holds no key that can be read, or one of another kind than the certificate in "
        + certificate
        + " needs; give the one it was made with";
  }

  @Test
  void aUserAndAPasswordAreSent() throws IOException {
    http();
    String user = file("user", "alice\n");
    context("--flink-basic-user-file", user, "--flink-basic-password-env", "FLINK_PASSWORD");
    console.with("FLINK_PASSWORD", "pässword:1");
    reaches();
    String sent = Base64.getEncoder().encodeToString("alice:pässword:1".getBytes(UTF_8));
    assertThat(authorizations).containsExactly("Basic " + sent);
  }

  @Test
  void aTokenIsSent() throws IOException {
    https(SERVER, false);
    context("--flink-ca-certificate", ca(), "--flink-bearer-token-file", file("token", "s3cret\n"));
    reaches();
    assertThat(authorizations).containsExactly("Bearer s3cret");
  }

  @Test
  void aCredentialThatIsNotAccepted() throws IOException {
    http();
    status = 401;
    context("--flink-bearer-token-env", "FLINK_TOKEN");
    console.with("FLINK_TOKEN", "s3cret");
    fails(
        5,
        url
            + " does not accept the token (HTTP 401); check where the context gets it from:"
            + " trafficctl context show");
    status = 403;
    fails(
        5,
        url
            + " does not allow this to the context's token (HTTP 403); ask who runs it for the"
            + " right");
    assertThat(console.run("jobs", "--context", "production", "--debug")).isEqualTo(5);
    assertThat(console.err()).contains("\tat ").doesNotContain("s3cret");
  }

  @Test
  void aCredentialThatIsMissing() throws IOException {
    http();
    status = 401;
    context();
    fails(
        5,
        url
            + " wants to know who asks (HTTP 401); give its context a user or a token, see:"
            + " trafficctl context set --help");
  }

  @Test
  void secretsThatCannotBeHad() throws IOException {
    http();
    context("--flink-bearer-token-env", "FLINK_TOKEN");
    fails(
        1,
        "context production: flink.bearer.token-env: the environment variable FLINK_TOKEN is not"
            + " set; set it");
    console.with("FLINK_TOKEN", "two words");
    fails(
        1,
        "context production: flink.bearer.token: holds white space or other characters that a"
            + " token cannot have");
    String token = file("token", "s3cret");
    Files.setPosixFilePermissions(Path.of(token), PosixFilePermissions.fromString("rw-r--r--"));
    context("--flink-bearer-token-file", token);
    fails(
        1,
        "context production: flink.bearer.token-file: "
            + token
            + " can be read by others; run chmod 600 on it");
    assertThat(authorizations).isEmpty();
  }

  @Test
  void aRedirectGetsNoCredential() throws IOException {
    http();
    String elsewhere = url;
    http();
    status = 307;
    location = elsewhere + "jobs/overview";
    context("--flink-bearer-token-env", "FLINK_TOKEN");
    console.with("FLINK_TOKEN", "s3cret");
    fails(
        5,
        url
            + " answers with a redirect to "
            + location
            + ", which is not followed; check that this is the address of Flink's REST API");
    assertThat(authorizations).containsExactly("Bearer s3cret");
  }

  @Test
  void anotherAddressGetsNoCredential() throws IOException {
    http();
    String elsewhere = url;
    http();
    context("--flink-bearer-token-env", "FLINK_TOKEN");
    console.with("FLINK_TOKEN", "s3cret");
    assertThat(console.run("jobs", "--context", "production", "--flink", elsewhere)).isZero();
    assertThat(authorizations).containsExactly("null");
  }

  @Test
  void theAddressOfAContextGetsItsCredential() throws IOException {
    http();
    context("--flink-bearer-token-env", "FLINK_TOKEN");
    console.with("FLINK_TOKEN", "s3cret");
    assertThat(console.run("jobs", "--flink", url.substring(0, url.length() - 1))).isZero();
    assertThat(authorizations).containsExactly("Bearer s3cret");
  }

  @Test
  void nothingThatIsPrintedHoldsTheSecret() {
    FlinkConnection connection =
        new FlinkConnection(
            FlinkConnection.parse("https://flink.example.com", new ShellCommands()),
            null,
            new FlinkConnection.Credential("Bearer s3cret", "token"));
    assertThat(connection.toString())
        .isEqualTo(
            "FlinkConnection[address=https://flink.example.com/, tls=null,"
                + " credential=Credential[token]]");
  }
}
