package dev.trafficctl.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;

/** A server on a free port that answers as Flink's REST API does, with what a test gives it. */
public final class FakeFlink implements AutoCloseable {
  /** The id of the job that {@link #withTraffic()} knows. */
  public static final String JOB = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private volatile BiFunction<String, Answer, Answer> disturbance = (path, answer) -> answer;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  static {
    // Head and body of an answer are sent one after the other: the second would wait 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /** Answers one request; what it throws ends the connection. */
  @FunctionalInterface
  public interface Answer {
    /** Sends the answer. */
    void to(HttpExchange exchange) throws IOException;
  }

  /** A server that answers everything with 404. */
  public FakeFlink() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /**
   * With one healthy job {@code traffic}, which was started at 2026-01-31T11:00:00Z, an hour before
   * the clock of {@link TestConsole#frozen()}, and completed its newest checkpoint at 11:59:50.
   */
  public FakeFlink withTraffic() {
    String job = "/jobs/" + JOB;
    answer(
        "/overview",
        """
        {"taskmanagers":2,"slots-total":4,"slots-available":1,"flink-version":"2.2.1"}\
        """);
    answer("/jobs/overview", "{\"jobs\":[" + job(JOB, "traffic", "RUNNING") + "]}");
    answer(job, details("RUNNING", 2));
    answer(
        job + "/config",
        """
        {"execution-config":{"job-parallelism":2,"user-config":{
          "trafficctl.version":"1.2.3",
          "trafficctl.jar-sha256":"68b5426686f5bf561b55d8c562a6fb154036f665fa638709f67550c88bbad889",
          "trafficctl.submitted-by":"alice@ops1",
          "trafficctl.starting-offsets":"earliest",
          "trafficctl.arguments":"[\\"--kafka-url\\",\\"k:9092\\",\\"--drain\\"]"}}}\
        """);
    answer(
        job + "/checkpoints",
        """
        {"counts":{"completed":7,"failed":0,"in_progress":0},
         "latest":{"completed":{"id":7,"status":"COMPLETED","is_savepoint":false,
           "trigger_timestamp":1769860789000,"end_to_end_duration":1000,"state_size":3452,
           "num_subtasks":2,"num_acknowledged_subtasks":2,"external_path":"file:/c/chk-7",
           "discarded":false},"savepoint":null,"failed":null,
           "restored":{"id":3,"restore_timestamp":1769857200000,"is_savepoint":true,
             "external_path":"file:/s/savepoint-3"}},
         "history":[]}\
        """);
    answer(
        job + "/checkpoints/config",
        """
        {"interval":10000,"timeout":600000,
         "externalization":{"enabled":true,"delete_on_cancellation":false}}\
        """);
    answer(job + "/metrics?get=numRestarts", "[{\"id\":\"numRestarts\",\"value\":\"1\"}]");
    answer(
        job + "/exceptions?maxExceptions=2",
        """
        {"exceptionHistory":{"entries":[],"truncated":false}}\
        """);
    return this;
  }

  /** A job in the form of {@code /jobs/overview}, started at 11:00, changed at 11:00:05. */
  public static String job(String id, String name, String state) {
    return """
    {"jid":"%s","name":"%s","state":"%s","start-time":1769857200000,"end-time":-1,
     "last-modification":1769857205000,"tasks":{"running":2,"total":2}}\
    """
        .formatted(id, name, state);
  }

  /**
   * A job in the form of {@code /jobs/:id} that entered its state at 11:00:05. The JobManager's
   * clock is 13 s behind that of {@link TestConsole#frozen()}.
   */
  public static String details(String state, int runningTasks) {
    return """
    {"jid":"%s","name":"traffic","state":"%s","start-time":1769857200000,"end-time":-1,
     "now":1769860787000,"maxParallelism":128,"timestamps":{"CREATED":1769857200000,"%s":1769857205000,"FAILING":0},
     "vertices":[{"id":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","name":"Source: read -> filter",
       "parallelism":2,"tasks":{"RUNNING":%d,"FAILED":0}}]}\
    """
        .formatted(JOB, state, state, runningTasks);
  }

  /** The checkpoints of a job in the form of {@code /jobs/:id/checkpoints}. */
  public static String checkpoints(String latest, String... history) {
    return "{\"counts\":{\"completed\":0,\"failed\":0,\"in_progress\":0},\"latest\":"
        + latest
        + ",\"history\":["
        + String.join(",", history)
        + "]}";
  }

  /** With this many slots, of which so many are free. */
  public FakeFlink slots(int all, int free) {
    return answer(
        "/overview",
        "{\"taskmanagers\":2,\"slots-total\":%d,\"slots-available\":%d,\"flink-version\":\"2.2.1\"}"
            .formatted(all, free));
  }

  /** Answers one path with its query, such as {@code /jobs/overview}, with 200 and a body. */
  public FakeFlink answer(String path, String body) {
    return answer(path, 200, body);
  }

  /** Answers one path with its query with a status and a body. */
  public FakeFlink answer(String path, int status, String body) {
    return answer(path, of(status, body));
  }

  /** An answer with a status and a body. */
  public static Answer of(int status, String body) {
    byte[] bytes = body.getBytes(UTF_8);
    return exchange -> {
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  /** Answers one path with its query as a test likes; the path {@code *} stands for all others. */
  public FakeFlink answer(String path, Answer answer) {
    answers.put(path, answer);
    return this;
  }

  /** Puts other answers in place of those it has, by the path and the answer. */
  public FakeFlink disturb(BiFunction<String, Answer, Answer> by) {
    disturbance = by;
    return this;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    requests.add(exchange.getRequestMethod() + " " + path);
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    if (!body.isEmpty()) {
      bodies.add(body);
    }
    try (exchange) {
      Answer answer = answers.getOrDefault(path, answers.getOrDefault("*", FakeFlink::unknown));
      disturbance.apply(path, answer).to(exchange);
    }
  }

  private static void unknown(HttpExchange exchange) throws IOException {
    byte[] bytes = "{\"errors\":[\"a.NotFoundException: not found\"]}".getBytes(UTF_8);
    exchange.sendResponseHeaders(404, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** Where it is, as {@code --flink} takes it. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** What was asked so far, such as {@code GET /jobs/overview}, in the order of arrival. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** The bodies that were sent so far, in the order of arrival. */
  public List<String> bodies() {
    return List.copyOf(bodies);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
