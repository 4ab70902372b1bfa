package dev.trafficctl.kafka;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.net.httpserver.HttpServer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of servers that are no Kafka brokers, before a Kafka client meets them. */
class FirstLookTest {
  private final List<ServerSocket> servers = new ArrayList<>();

  /** What a server does with one connection. */
  private interface Manners {
    void meet(DataInputStream in, OutputStream out) throws IOException;
  }

  @AfterEach
  void close() throws IOException {
    for (ServerSocket server : servers) {
      server.close();
    }
  }

  private String server(Manners manners) throws IOException {
    return server(0, manners);
  }

  /** With how long a read may take, in ms; 0 for ever. */
  private String server(int patience, Manners manners) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    servers.add(server);
    Thread thread =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try (Socket client = server.accept()) {
                  client.setSoTimeout(patience);
                  manners.meet(
                      new DataInputStream(client.getInputStream()), client.getOutputStream());
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

  /** Says something to whatever comes. */
  private String says(String bytes) throws IOException {
    return server(
        (in, out) -> {
          in.readInt();
          out.write(bytes.getBytes(ISO_8859_1));
          out.flush();
          in.transferTo(OutputStream.nullOutputStream());
        });
  }

  /** Answers both questions as a broker does that names others, or itself where that is null. */
  private String broker(String named) throws IOException {
    return broker(named, 0);
  }

  /**
   * The same of a broker that is busy for so many ms before each answer. As a real one does, it
   * takes whatever else comes meanwhile for the length of a request, and ends the connection where
   * that is too long.
   */
  private String broker(String named, int busy) throws IOException {
    AtomicInteger own = new AtomicInteger();
    String address =
        server(
            busy,
            (in, out) -> {
              DataOutputStream answer = new DataOutputStream(out);
              ByteBuffer versions = ByteBuffer.wrap(in.readNBytes(in.readInt()));
              assertThat(versions.getInt()).as("ApiVersions, version 0").isEqualTo(18 << 16);
              int correlation = versions.getInt();
              answersAfter(busy, in);
              answer.writeInt(10);
              answer.writeInt(correlation);
              answer.writeShort(0);
              answer.writeInt(0);
              ByteBuffer metadata = ByteBuffer.wrap(in.readNBytes(in.readInt()));
              assertThat(metadata.getInt()).as("Metadata, version 1").isEqualTo((3 << 16) + 1);
              answersAfter(busy, in);
              int port =
                  named == null
                      ? own.get()
                      : Integer.parseInt(named.substring(named.lastIndexOf(':') + 1));
              String host = named == null ? "127.0.0.1" : named.substring(0, named.indexOf(':'));
              answer.writeInt(4 + 4 + 4 + 2 + host.length() + 4 + 2 + 4 + 4);
              answer.writeInt(metadata.getInt());
              answer.writeInt(1);
              answer.writeInt(7);
              answer.writeUTF(host);
              answer.writeInt(port);
              answer.writeShort(-1);
              answer.writeInt(7);
              answer.writeInt(0);
              in.transferTo(OutputStream.nullOutputStream());
            });
    own.set(Integer.parseInt(address.substring(address.indexOf(':') + 1)));
    return address;
  }

  private static void answersAfter(int busy, DataInputStream in) throws IOException {
    if (busy == 0) {
      return;
    }
    try {
      int length = in.readInt();
      if (length > 100 * 1024 * 1024) {
        throw new IOException("Invalid receive (size = " + length + ")");
      }
    } catch (SocketTimeoutException e) {
      // Nothing has come in that time.
      return;
    }
  }

  private static boolean look(String servers) {
    return FirstLook.before(Map.of("bootstrap.servers", servers));
  }

  private static void refused(String servers, String words) {
    assertThatThrownBy(() -> look(servers)).isInstanceOf(NotKafkaException.class).hasMessage(words);
  }

  private static String nobody() throws IOException {
    try (ServerSocket closed = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
      return "127.0.0.1:" + closed.getLocalPort();
    }
  }

  @Test
  void anHttpServer() throws IOException {
    String http = says("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    refused(http, http + " speaks HTTP (HTTP/1.1 400 Bad Request)");
  }

  @Test
  void aServerThatWaitsForTheEndOfALine() throws IOException {
    String http =
        server(
            (in, out) -> {
              int before = 0;
              for (int next = in.read(); next != '\n' || before != '\r'; next = in.read()) {
                before = next;
              }
              out.write("HTTP/1.1 404 Not Found\r\n\r\n".getBytes(ISO_8859_1));
              out.flush();
              in.transferTo(OutputStream.nullOutputStream());
            });
    refused(http, http + " speaks HTTP (HTTP/1.1 404 Not Found)");
  }

  @Test
  void anHttpServerThatIsSilentUntilALineEnds() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.start();
    try {
      String http = "127.0.0.1:" + server.getAddress().getPort();
      assertThatThrownBy(() -> look(http))
          .isInstanceOf(NotKafkaException.class)
          .hasMessageStartingWith(http + " speaks HTTP (HTTP/1.1 400 Bad Request");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aServerThatSpeaksTls() throws IOException {
    String tls = says("\u0015\u0003\u0003\u0000\u0002\u0002\u0050");
    refused(tls, tls + " speaks TLS");
  }

  @Test
  void anythingElseIsShownWithoutControlCharacters() throws IOException {
    String escapes = says("\u001b[31m\u0000\u00ff1234");
    refused(escapes, escapes + " is no Kafka broker: it answers '\\x1b[31m\\x00\\xff1234'");
    String few = says("ab");
    refused(few, few + " is no Kafka broker: it answers 'ab'");
  }

  @ParameterizedTest
  @MethodSource("otherServers")
  void whatIsCertainIsNamed(String bytes, String words) throws IOException {
    String other = says(bytes);
    refused(other, other + " " + words);
  }

  private static Stream<Arguments> otherServers() {
    return Stream.of(
        arguments("SSH-2.0-OpenSSH_9.2\r\n", "speaks SSH (SSH-2.0-OpenSSH_9.2)"),
        arguments(
            "E\0\0\0\u0092SFATAL\0VFATAL\0C0A000\0Munsupported frontend protocol 18.0: server"
                + " supports 3.0 to 3.2\0Fbackend_startup.c\0L703\0RProcessStartupPacket\0\0",
            "speaks the protocol of Postgres"),
        arguments(
            "E\0\0\0\u002aSERROR\0C08P01\0Minvalid packet header\0\0",
            "speaks the protocol of Postgres"),
        arguments("Elephants\r\n", "is no Kafka broker: it answers 'Elephants'"),
        arguments(
            "\u004a\0\0\0\n8.0.36-0ubuntu0.22.04.1\0\u0008\0\0\0",
            "speaks the protocol of MySQL (8.0.36-0ubuntu0.22.04.1)"),
        arguments(
            "\u0045\0\0\0\u00ff\u006a\u0004Host '10.0.0.7' is not allowed to connect",
            "speaks the protocol of MySQL"),
        arguments(
            "-ERR unknown command ''\r\n",
            "speaks the protocol of Redis (-ERR unknown command '')"),
        arguments("-ERR no mail today\r\n", "is no Kafka broker: it answers '-ERR no mail today'"),
        arguments("AMQP\0\0\t\u0001", "speaks AMQP"));
  }

  @Test
  void aPlausibleLengthAloneIsNoBroker() throws IOException {
    String echo =
        server(
            (in, out) -> {
              byte[] request = in.readNBytes(in.readInt());
              new DataOutputStream(out).writeInt(request.length);
              out.write(request);
              out.flush();
              in.transferTo(OutputStream.nullOutputStream());
            });
    refused(
        echo,
        echo
            + " is no Kafka broker: it answers"
            + " '\\x00\\x00\\x00\\x18\\x00\\x12\\x00\\x00trac\\x00\\x0etrafficctl'");
  }

  @Test
  void aServerThatHangsUp() throws IOException {
    String closes = server((in, out) -> in.readInt());
    refused(closes, closes + " ends the connection without an answer (perhaps it wants TLS)");
    assertThatThrownBy(
            () -> FirstLook.before(Map.of("bootstrap.servers", closes, "security.protocol", "SSL")))
        .hasMessage(closes + " ends the connection without an answer (perhaps it speaks no TLS)");
  }

  @Test
  void aServerThatAnswersTlsWithoutTls() throws IOException {
    String http = says("HTTP/1.1 400 Bad Request\r\n\r\n");
    assertThatThrownBy(
            () ->
                FirstLook.before(
                    Map.of("bootstrap.servers", http, "security.protocol", "SASL_SSL")))
        .isInstanceOf(NotKafkaException.class)
        .hasMessage(http + " speaks HTTP (HTTP/1.1 400 Bad Request), without TLS");
  }

  /** As Postgres without ssl does: what begins as TLS does is hung up on. */
  @Test
  void aServerThatHangsUpOnTlsIsNamedByAPlainQuestionWithoutASecret() throws IOException {
    List<byte[]> asked = new CopyOnWriteArrayList<>();
    String postgres =
        server(
            (in, out) -> {
              byte[] first = in.readNBytes(4);
              if (first[0] == 0x16) {
                return;
              }
              asked.add(in.readNBytes(ByteBuffer.wrap(first).getInt()));
              out.write("E\0\0\0\u002aSFATAL\0C0A000\0Mno\0\0".getBytes(ISO_8859_1));
              out.flush();
            });
    Map<String, String> client =
        Map.of(
            "bootstrap.servers",
            postgres,
            "security.protocol",
            "SASL_SSL",
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"key\""
                + " password=\"geheim\";");

    assertThatThrownBy(() -> FirstLook.before(client))
        .isInstanceOf(NotKafkaException.class)
        .hasMessage(postgres + " speaks the protocol of Postgres, without TLS");
    assertThat(asked).hasSize(1);
    assertThat(new String(asked.get(0), ISO_8859_1)).endsWith("trafficctl\r\n\r\n");
  }

  /** It takes the beginning of TLS for the length of a request, and ends the connection. */
  @Test
  void aBrokerWithoutTlsIsNamedToo() throws IOException {
    String broker =
        server(
            (in, out) -> {
              int length = in.readInt();
              if (length > 100 << 20) {
                return;
              }
              int correlation = ByteBuffer.wrap(in.readNBytes(length)).getInt(4);
              new DataOutputStream(out).writeInt(10);
              new DataOutputStream(out).writeInt(correlation);
              out.write(new byte[6]);
              out.flush();
            });
    assertThatThrownBy(
            () -> FirstLook.before(Map.of("bootstrap.servers", broker, "security.protocol", "SSL")))
        .isInstanceOf(NotKafkaException.class)
        .hasMessage(broker + " is a Kafka broker without TLS");
  }

  @Test
  void aBroker() throws IOException {
    String broker = broker(null);
    assertThat(look(broker)).isTrue();
  }

  @Test
  void aBusyBrokerIsNotDisturbedAndWhereItSendsItsClientsIsLookedAt() throws IOException {
    String http = says("HTTP/1.1 400 Bad Request\r\n\r\n");
    String busy = broker(http, 1_500);
    refused(
        busy,
        busy
            + " sends its clients on to "
            + http
            + " (advertised.listeners), which speaks HTTP (HTTP/1.1 400 Bad Request)");
  }

  @Test
  void everyAddressIsLookedAt() throws IOException {
    String broker = broker(null);
    String http = says("HTTP/1.1 400 Bad Request\r\n\r\n");
    refused(broker + "," + http, http + " speaks HTTP (HTTP/1.1 400 Bad Request)");
  }

  @Test
  void anAddressWhereNobodyIsDoesNotHideABroker() throws IOException {
    String broker = broker(null);
    String closes = server((in, out) -> in.readInt());
    assertThat(look(nobody() + ", " + closes + "," + broker)).isTrue();
  }

  @Test
  void whereNobodyAnswersTheClientIsLeftToSaySo() throws IOException {
    assertThat(look(nobody())).isFalse();
    assertThat(look("no-such-host.invalid:9092")).isFalse();
    assertThat(look("not an address")).isFalse();
    String silent = server((in, out) -> in.transferTo(OutputStream.nullOutputStream()));
    assertThat(look(silent)).isFalse();
  }

  @Test
  void aBrokerThatSendsItsClientsToSomethingElse() throws IOException {
    String http = says("HTTP/1.1 400 Bad Request\r\n\r\n");
    String broker = broker(http);
    refused(
        broker,
        broker
            + " sends its clients on to "
            + http
            + " (advertised.listeners), which speaks HTTP (HTTP/1.1 400 Bad Request)");
  }

  @Test
  void aBrokerThatSendsItsClientsToNobody() throws IOException {
    String nobody = nobody();
    String broker = broker(nobody);
    refused(
        broker,
        broker
            + " sends its clients on to "
            + nobody
            + " (advertised.listeners), which refuses the connection");
    String lost = broker("no-such-host.invalid:9092");
    refused(
        lost,
        lost
            + " sends its clients on to no-such-host.invalid:9092 (advertised.listeners), which is"
            + " unknown here");
  }
}
