package dev.trafficctl.cli.flink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.trafficctl.cli.TestConsole;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code submit} says of a Flink that is none, or that is broken. */
class BrokenFlinkTest {
  private final TestConsole console = TestConsole.frozen();
  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer server;
  private String url;

  @TempDir Path directory;

  @FunctionalInterface
  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(Answer answer) {
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
          try (exchange) {
            answer.to(exchange);
          }
        });
  }

  private void answer(int status, String body) {
    answer(
        exchange -> {
          byte[] bytes = body.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
        });
  }

  private int submit(String flink) {
    try {
      Path jar = Files.writeString(directory.resolve("job.jar"), "not read here");
      return console.run("submit", "--flink", flink, "--jar", jar.toString());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What was said beside the line that announces the submission. */
  private String words() {
    assertThat(console.out()).isEqualTo("");
    return console.err().replaceFirst("^submitting .*\n", "");
  }

  @Test
  void anHtmlPageWithStatus200() {
    answer(200, "<html><body>It works!</body></html>");
    assertThat(submit(url)).isEqualTo(5);
    assertThat(words())
        .isEqualTo(
            "trafficctl: "
                + url
                + " answers with HTTP 200, but not as Flink does; check that this is the address"
                + " of Flink's REST API\n");
  }

  @Test
  void jsonThatIsTooDeep() {
    answer(200, "[".repeat(100_000));
    assertThat(submit(url)).isEqualTo(5);
    assertThat(words()).contains("answers with HTTP 200, but not as Flink does").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5", "five", "99999999999999999999"})
  void aLengthThatIsNone(String length) throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> answered =
          CompletableFuture.runAsync(
              () -> {
                try (Socket socket = listening.accept()) {
                  socket.getInputStream().read();
                  socket
                      .getOutputStream()
                      .write(
                          ("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n{}")
                              .getBytes(UTF_8));
                  socket.shutdownOutput();
                  socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                  // The client closes what it does not read.
                }
              });
      String broken = "http://127.0.0.1:" + listening.getLocalPort() + "/";

      assertThat(submit(broken)).isEqualTo(5);
      assertThat(words())
          .isEqualTo(
              "trafficctl: "
                  + broken
                  + " answers with the Content-Length "
                  + length
                  + "; check that this is the address of Flink's REST API\n");
      answered.join();
    }
  }

  @Test
  void anEndlessBody() {
    answer(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] some = " ".repeat(1 << 16).getBytes(UTF_8);
          for (int i = 0; i < 1_000_000; i++) {
            exchange.getResponseBody().write(some);
          }
        });
    assertThat(submit(url)).isEqualTo(5);
    assertThat(words())
        .isEqualTo(
            "trafficctl: "
                + url
                + " answers with more than 16 MiB; check that this is the address of Flink's REST"
                + " API\n");
  }

  @Test
  void aBodyOfMoreValuesThanTheHeapHolds() {
    answer(200, "[" + "[],".repeat(5_000_000) + "[]]");
    assertThat(submit(url)).isEqualTo(5);
    assertThat(words()).contains("answers with HTTP 200, but not as Flink does").hasLineCount(1);
  }

  @Test
  void a503ThatAsksForAnotherTryAtOnceIsNotSentAgain() {
    answer(
        exchange -> {
          exchange.getResponseHeaders().add("Retry-After", "0");
          exchange.sendResponseHeaders(503, -1);
        });
    assertThat(submit(url)).isEqualTo(5);
    assertThat(words())
        .isEqualTo("trafficctl: Flink at " + url + " is not ready yet; try again soon\n");
    assertThat(requests.get()).isEqualTo(1);
  }

  @Test
  void aRedirectIsNotFollowed() {
    answer(
        exchange -> {
          exchange.getResponseHeaders().add("Location", url + "elsewhere");
          exchange.sendResponseHeaders(307, -1);
        });
    assertThat(submit(url)).isEqualTo(5);
    assertThat(words())
        .isEqualTo(
            "trafficctl: "
                + url
                + " answers with a redirect to "
                + url
                + "elsewhere, which is not followed; check that this is the address of Flink's"
                + " REST API\n");
    assertThat(requests.get()).isEqualTo(1);
  }

  @Test
  void aBodyThatBreaksOff() {
    answer(
        exchange -> {
          exchange.sendResponseHeaders(200, 1_000);
          exchange.getResponseBody().write("{\"filename\":".getBytes(UTF_8));
          exchange.getResponseBody().flush();
        });
    assertThat(submit(url)).isEqualTo(5);
    assertThat(words())
        .isEqualTo(
            "trafficctl: cannot reach Flink at "
                + url
                + ": the connection broke off, or this port speaks another protocol; check the"
                + " address and that Flink runs (the local one: trafficctl local status)\n");
    assertThat(requests.get()).isEqualTo(1);
  }

  @Test
  void aPortThatSpeaksAnotherProtocol() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> greeting =
          CompletableFuture.runAsync(
              () -> {
                try (Socket socket = other.accept()) {
                  socket.getOutputStream().write("SSH-2.0-OpenSSH_9.2\r\n".getBytes(UTF_8));
                  socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                  // The client hangs up when it likes.
                }
              });
      assertThat(submit("http://127.0.0.1:" + other.getLocalPort())).isEqualTo(5);
      assertThat(words()).contains("this port speaks another protocol").hasLineCount(1);
      greeting.join();
    }
  }

  @Test
  void aPortWhereNobodyListens() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    assertThat(submit("http://127.0.0.1:" + port)).isEqualTo(5);
    assertThat(words())
        .isEqualTo(
            "trafficctl: cannot reach Flink at http://127.0.0.1:"
                + port
                + "/: the connection is refused; check the address and that Flink runs (the local"
                + " one: trafficctl local status)\n");
  }

  @Test
  void anErrorOfFlinksIsOneLineThatNoTerminalActsOn() {
    answer(
        500,
        "{\"errors\":[\"Internal server error.\",\"a.B: outer\\n\\tat a.B.c(B.java:1)\\n"
            + "Caused by: java.io.IOException: disk \\u001b[31mfull\\n\\tat x.Y.z(Y.java:2)\"]}");
    assertThat(submit(url)).isEqualTo(1);
    assertThat(words())
        .isEqualTo(
            "trafficctl: Flink at %s answers with HTTP 500: B: outer (IOException: disk \\u001B[31mfull)\n"
                .formatted(url));
  }

  @Test
  void anAddressThatIsNone() {
    assertThat(submit("flink:8081")).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: 'flink:8081' is not the address of a Flink; give for example"
                + " http://host:8081\n");
  }
}
