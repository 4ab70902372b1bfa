package dev.trafficctl.cli.flink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.cli.command.next.ShellCommands;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a request on a connection that a JobManager kept open until it was restarted. */
class StaleConnectionTest {
  private static final JobId JOB = new JobId("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
  private static final String BROKE_OFF = "the connection broke off, or this port speaks another";

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private ServerSocket server;
  private FlinkClient flink;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    flink = FlinkClient.at("http://127.0.0.1:" + server.getLocalPort(), new ShellCommands());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  /** Each connection answers so many requests, and is closed on the next one without a word. */
  private CompletableFuture<Void> answers(int... connections) {
    return CompletableFuture.runAsync(
        () -> {
          for (int answers : connections) {
            try (Socket socket = server.accept()) {
              serve(socket, answers);
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          }
        });
  }

  private void serve(Socket socket, int answers) throws IOException {
    BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    for (int i = 0; i <= answers; i++) {
      String request = in.readLine();
      if (request == null) {
        return;
      }
      requests.add(request.replace(" HTTP/1.1", ""));
      for (String header = request; !header.isEmpty(); ) {
        header = in.readLine();
      }
      if (i < answers) {
        socket
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"jobs\":[]}".getBytes(UTF_8));
      }
    }
  }

  @Test
  void aReadIsRepeatedOnceOnANewConnection() {
    CompletableFuture<Void> served = answers(1, 1);
    assertThat(flink.jobs()).isEmpty();
    assertThat(flink.jobs()).isEmpty();
    assertThat(requests)
        .containsExactly("GET /jobs/overview", "GET /jobs/overview", "GET /jobs/overview");
    assertThat(served).isNotDone();
  }

  @Test
  void aReadIsNotRepeatedTwice() {
    CompletableFuture<Void> served = answers(1, 0, 1);
    assertThat(flink.jobs()).isEmpty();
    assertThatThrownBy(() -> flink.jobs())
        .isInstanceOf(FlinkUnreachableException.class)
        .hasMessageContaining(BROKE_OFF);
    assertThat(requests).hasSize(3);
    assertThat(served).isNotDone();
  }

  @Test
  void aChangeIsNeverRepeated() {
    CompletableFuture<Void> served = answers(1, 1);
    assertThat(flink.jobs()).isEmpty();
    assertThatThrownBy(() -> flink.cancel(JOB))
        .isInstanceOfSatisfying(
            FlinkUnreachableException.class, e -> assertThat(e.mayHaveArrived()).isTrue())
        .hasMessageContaining(BROKE_OFF);
    assertThat(requests)
        .containsExactly("GET /jobs/overview", "PATCH /jobs/" + JOB + "?mode=cancel");
    assertThat(served).isNotDone();
  }
}
