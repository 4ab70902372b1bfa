package dev.trafficctl.kafka;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a first look tells the credentials, and what it sees behind the sign-in. */
class SignedInLookTest {
  private static final String STORE_PASSWORD = "changeit";

  @TempDir static Path directory;
  private static SSLContext known;
  private static SSLContext unknown;
  private static Path trusted;

  private final List<ServerSocket> servers = new ArrayList<>();
  private final Queue<String> received = new ConcurrentLinkedQueue<>();

  /** What a server does with one connection. */
  private interface Manners {
    void meet(DataInputStream in, DataOutputStream out) throws IOException;
  }

  @BeforeAll
  static void makeCertificates() throws Exception {
    known = context("known", "IP:127.0.0.1");
    unknown = context("unknown", "IP:127.0.0.1");
    trusted = directory.resolve("known.p12");
  }

  private static SSLContext context(String name, String subject) throws Exception {
    Path store = directory.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=" + subject,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                STORE_PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, STORE_PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, STORE_PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  @AfterEach
  void close() throws IOException {
    for (ServerSocket server : servers) {
      server.close();
    }
  }

  private String server(SSLContext context, Manners manners) throws IOException {
    InetAddress here = InetAddress.getByName("127.0.0.1");
    ServerSocket server =
        context == null
            ? new ServerSocket(0, 50, here)
            : context.getServerSocketFactory().createServerSocket(0, 50, here);
    servers.add(server);
    Thread thread =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try (Socket client = server.accept()) {
                  manners.meet(
                      new DataInputStream(client.getInputStream()),
                      new DataOutputStream(client.getOutputStream()));
                } catch (IOException e) {
                  // The client has left, or the test is over.
                  continue;
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
    return "127.0.0.1:" + server.getLocalPort();
  }

  /**
   * Answers as a broker that wants a sign-in does, in the layout of Kafka's own classes, and notes
   * what it is asked.
   *
   * @param named the address that it sends its clients on to
   */
  private String broker(SSLContext context, String named, Errors verdict) throws IOException {
    return server(
        context,
        (in, out) -> {
          boolean signedIn = false;
          while (true) {
            ByteBuffer request = ByteBuffer.wrap(in.readNBytes(in.readInt()));
            RequestHeader header = RequestHeader.parse(request);
            ByteBufferAccessor body = new ByteBufferAccessor(request);
            short version = header.apiVersion();
            if (header.apiKey() == ApiKeys.API_VERSIONS) {
              received.add("ApiVersions");
              reply(out, header, ByteBuffer.allocate(6));
            } else if (header.apiKey() == ApiKeys.SASL_HANDSHAKE) {
              received.add(new SaslHandshakeRequestData(body, version).mechanism());
              reply(
                  out,
                  header,
                  MessageUtil.toByteBufferAccessor(
                          new SaslHandshakeResponseData().setMechanisms(List.of("PLAIN")), version)
                      .buffer());
            } else if (header.apiKey() == ApiKeys.SASL_AUTHENTICATE) {
              byte[] token = new SaslAuthenticateRequestData(body, version).authBytes();
              received.add(new String(token, UTF_8).replace('\0', '|'));
              signedIn = verdict == Errors.NONE;
              reply(
                  out,
                  header,
                  MessageUtil.toByteBufferAccessor(
                          new SaslAuthenticateResponseData().setErrorCode(verdict.code()), version)
                      .buffer());
            } else {
              received.add(header.apiKey() + (signedIn ? " signed in" : " before the sign-in"));
              reply(out, header, metadata(named));
            }
          }
        });
  }

  private static void reply(DataOutputStream out, RequestHeader header, ByteBuffer body)
      throws IOException {
    out.writeInt(Integer.BYTES + body.remaining());
    out.writeInt(header.correlationId());
    out.write(body.array(), body.arrayOffset() + body.position(), body.remaining());
    out.flush();
  }

  private static ByteBuffer metadata(String named) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(1);
    out.writeInt(7);
    out.writeUTF(named.substring(0, named.indexOf(':')));
    out.writeInt(Integer.parseInt(named.substring(named.indexOf(':') + 1)));
    out.writeShort(-1);
    out.writeInt(7);
    out.writeInt(0);
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  private static String nobody() throws IOException {
    try (ServerSocket closed = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
      return "127.0.0.1:" + closed.getLocalPort();
    }
  }

  private static Map<String, Object> client(String servers) {
    Map<String, Object> client = new HashMap<>();
    client.put("bootstrap.servers", servers);
    client.put("security.protocol", "SASL_SSL");
    client.put("ssl.truststore.type", "PKCS12");
    client.put("ssl.truststore.location", trusted.toString());
    client.put("ssl.truststore.password", STORE_PASSWORD);
    client.put("sasl.mechanism", "PLAIN");
    client.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"key\""
            + " password=\"sécret\";");
    return client;
  }

  private static void refused(Map<String, Object> client, String words) {
    assertThatThrownBy(() -> FirstLook.before(client))
        .isInstanceOf(NotKafkaException.class)
        .hasMessage(words);
  }

  @Test
  void whereABrokerSendsItsClientsIsLookedAtAfterTheSignIn() throws IOException {
    String nobody = nobody();
    String broker = broker(known, nobody, Errors.NONE);
    refused(
        client(broker),
        broker
            + " sends its clients on to "
            + nobody
            + " (advertised.listeners), which refuses the connection");
    assertThat(received)
        .containsExactly("ApiVersions", "PLAIN", "|key|sécret", "METADATA signed in");
  }

  @Test
  void somethingElseThatIsAdvertisedIsNamedAndGetsNoCredentials() throws IOException {
    String plain =
        server(
            null,
            (in, out) -> {
              in.readInt();
              out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(ISO_8859_1));
              out.flush();
            });
    String broker = broker(known, plain, Errors.NONE);
    refused(
        client(broker),
        broker
            + " sends its clients on to "
            + plain
            + " (advertised.listeners), which speaks HTTP (HTTP/1.1 400 Bad Request), without TLS");

    String https =
        server(
            known,
            (in, out) -> {
              in.readInt();
              out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(ISO_8859_1));
              out.flush();
              in.transferTo(new ByteArrayOutputStream());
            });
    String other = broker(known, https, Errors.NONE);
    refused(
        client(other),
        other
            + " sends its clients on to "
            + https
            + " (advertised.listeners), which speaks HTTP (HTTP/1.1 400 Bad Request)");
  }

  @Test
  void aBrokerThatIsAdvertisedIsAskedWithoutCredentials() throws IOException {
    String second = broker(known, nobody(), Errors.NONE);
    String first = broker(known, second, Errors.NONE);
    assertThat(FirstLook.before(client(first))).isTrue();
    assertThat(received)
        .containsExactly(
            "ApiVersions", "PLAIN", "|key|sécret", "METADATA signed in", "ApiVersions");
  }

  @Test
  void aRefusalIsLeftToTheClientAndNotAskedForTwice() throws IOException {
    String nobody = nobody();
    String brokers =
        String.join(
            ",",
            broker(known, nobody, Errors.SASL_AUTHENTICATION_FAILED),
            broker(known, nobody, Errors.SASL_AUTHENTICATION_FAILED));
    assertThat(FirstLook.before(client(brokers))).isTrue();
    assertThat(received).containsOnlyOnce("|key|sécret").doesNotContain("METADATA signed in");
  }

  @Test
  void whoTlsDoesNotKnowGetsNothing() throws IOException {
    String impostor = broker(unknown, nobody(), Errors.NONE);
    assertThat(FirstLook.before(client(impostor))).isFalse();
    // The certificate is good for 127.0.0.1 alone.
    String port = broker(known, nobody(), Errors.NONE).replace("127.0.0.1", "localhost");
    assertThat(FirstLook.before(client(port))).isFalse();
    assertThat(received).isEmpty();
  }

  @Test
  void noSecretIsSentInTheClear() throws IOException {
    Map<String, Object> client = client(broker(null, nobody(), Errors.NONE));
    client.put("security.protocol", "SASL_PLAINTEXT");
    assertThat(FirstLook.before(client)).isTrue();
    assertThat(received).containsExactly("ApiVersions");
  }

  @Test
  void otherMechanismsAreLeftToTheClient() throws IOException {
    Map<String, Object> client = client(broker(known, nobody(), Errors.NONE));
    client.put("sasl.mechanism", "SCRAM-SHA-256");
    assertThat(FirstLook.before(client)).isTrue();
    client.put("sasl.mechanism", "PLAIN");
    client.remove("sasl.jaas.config");
    assertThat(FirstLook.before(client)).isTrue();
    assertThat(received).containsExactly("ApiVersions", "ApiVersions");
  }
}
