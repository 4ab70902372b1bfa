package dev.trafficctl.cli.command.completion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.trafficctl.cli.TestConsole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CandidatesCommandTest {
  private final TestConsole console = TestConsole.frozen();

  private void asksFor(String address, String names) {
    assertThat(
            console.run(
                "__complete", "jobs", "--", "stop", "--help", "--x", "--flink", address, "--drain"))
        .isZero();
    assertThat(console.out()).isEqualTo(names);
    assertThat(console.err()).isEqualTo("");
  }

  private static String job(int id, String name) {
    return """
    {"jid":"%032x","name":"%s","state":"RUNNING","start-time":1,"end-time":-1,"duration":1,
    "last-modification":1,"tasks":{"running":1,"total":1}}\
    """
        .formatted(id, name);
  }

  @Test
  void offersTheNamesOfJobsButNoneThatATerminalWouldActOn() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String jobs =
        "{\"jobs\":[%s,%s,%s,%s]}"
            .formatted(job(1, "web"), job(2, "a\\u001b[31m"), job(3, "web"), job(4, "all"));
    server.createContext(
        "/jobs/overview",
        exchange -> {
          exchange.sendResponseHeaders(200, jobs.length());
          exchange.getResponseBody().write(jobs.getBytes(UTF_8));
          exchange.close();
        });
    server.start();
    try {
      asksFor("http://127.0.0.1:" + server.getAddress().getPort(), "all\nweb\n");
    } finally {
      server.stop(0);
    }
  }

  @Test
  @Timeout(4)
  void isSilentWhenNobodyAnswers() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      asksFor("http://127.0.0.1:" + silent.getLocalPort(), "");
    }
    asksFor("nonsense", "");
    asksFor("", "");
  }

  @Test
  void offersTheNamesOfContexts(@TempDir Path configuration) {
    console.with("XDG_CONFIG_HOME", configuration.toString());
    assertThat(console.run("context", "set", "staging", "--flink", "http://flink:8081")).isZero();
    assertThat(console.run("__complete", "contexts", "--", "status")).isZero();
    assertThat(console.out()).isEqualTo("local\nstaging\n");
  }

  @Test
  void knowsNothingOfOtherKinds() {
    assertThat(console.run("__complete", "weather")).isZero();
    assertThat(console.out()).isEqualTo("");
    assertThat(console.err()).isEqualTo("");
  }
}
