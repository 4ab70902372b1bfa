package dev.trafficctl.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * Loads the classes that most commands need, so that the launcher can have the JVM keep them in an
 * archive for class-data sharing: commands run against a server of this process that answers the
 * list of jobs as Flink does.
 */
final class Training {
  private static final String JOBS =
      """
      {"jobs":[{"jid":"00000000000000000000000000000001","name":"traffic","state":"RUNNING",
      "start-time":1,"end-time":-1,"duration":1,"last-modification":1,
      "tasks":{"running":1,"canceling":0,"canceled":0,"total":1,"created":0,"scheduled":0,
      "deploying":0,"reconciling":0,"finished":0,"initializing":0,"failed":0}}]}
      """;

  private Training() {}

  /** Runs the commands; what they print goes nowhere. */
  public static void main(String[] arguments) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean known = exchange.getRequestURI().getPath().equals("/jobs/overview");
          byte[] answer = (known ? JOBS : "{\"errors\":[\"Not found.\"]}").getBytes(UTF_8);
          exchange.sendResponseHeaders(known ? 200 : 404, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    try {
      String flink = "http://127.0.0.1:" + server.getAddress().getPort();
      run("jobs", "--flink", flink);
      run("jobs", "--flink", flink, "-o", "json");
      run("status", "--flink", flink);
      run("local", "status");
    } finally {
      server.stop(0);
    }
  }

  private static void run(String... command) {
    Installation none = Installation.distribution(Path.of("").toAbsolutePath());
    TrafficCtl.commandLine(Environment.silent(none)).execute(command);
  }
}
