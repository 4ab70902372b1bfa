package dev.trafficctl.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.TriggerId;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A {@link FakeFlink} with one job {@code traffic} of which savepoints and checkpoints are made, as
 * a test lays down: each script is a list of answers, of which the last one stays.
 */
public final class ScriptedFlink implements AutoCloseable {
  /** The result of something that goes on. */
  public static final String IN_PROGRESS = "{\"status\":{\"id\":\"IN_PROGRESS\"}}";

  /** Stands for an answer that does not arrive: the connection is closed. */
  public static final String LOST = "lost";

  /** Stands for 404. */
  public static final String MISSING = "missing";

  private static final String JOB = "/jobs/" + FakeFlink.JOB;
  private final FakeFlink flink = new FakeFlink().withTraffic();
  private final AtomicInteger triggers = new AtomicInteger();

  /** With a job that runs, whose newest checkpoint has the number 7. */
  public ScriptedFlink() {
    flink.answer(
        "/jobmanager/config",
        """
        [{"key":"execution.checkpointing.savepoint-dir","value":"/no/savepoints"},
         {"key":"web.tmpdir","value":"/tmp/flink-web-1"}]\
        """);
    backpressure("ok");
    states("RUNNING");
  }

  /** The server. */
  public FakeFlink server() {
    return flink;
  }

  /** How high the backpressure is. */
  public ScriptedFlink backpressure(String level) {
    flink.answer(
        JOB + "/vertices/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/backpressure",
        "{\"status\":\"ok\",\"backpressureLevel\":\"" + level + "\",\"subtasks\":[]}");
    return this;
  }

  /** The states that the job is in, one after the other; {@link #MISSING} when it is gone. */
  public ScriptedFlink states(String... states) {
    Script script =
        new Script(
            Arrays.stream(states)
                .map(
                    state ->
                        state.equals(MISSING) || state.equals(LOST)
                            ? state
                            : "{\"status\":\"" + state + "\"}")
                .toList());
    flink.answer(JOB + "/status", script::next);
    return this;
  }

  /** What Flink tells of the job, one after the other, as {@link FakeFlink#details} makes it. */
  public ScriptedFlink details(String... details) {
    Script script = new Script(List.of(details));
    flink.answer(JOB, script::next);
    return this;
  }

  /** The answers to a trigger, each {@code {}}, {@link #LOST} or an error with status 400. */
  public ScriptedFlink triggers(String verb, String... answers) {
    Script script = new Script(List.of(answers));
    flink.answer(
        JOB + "/" + (verb.startsWith("stop") ? "stop" : "savepoints"),
        exchange -> {
          triggers.incrementAndGet();
          script.next(exchange);
        });
    return this;
  }

  /** What has become of a trigger id: 404 before it was triggered, then these. */
  public ScriptedFlink results(String verb, int attempt, String... answers) {
    Script script = new Script(List.of(answers));
    String trigger = TriggerId.of(verb, new JobId(FakeFlink.JOB), attempt).text();
    flink.answer(
        JOB + "/savepoints/" + trigger,
        exchange -> {
          if (triggers.get() == 0) {
            write(exchange, MISSING);
          } else {
            script.next(exchange);
          }
        });
    return this;
  }

  /** A verb whose trigger is taken, and which then has these results. */
  public ScriptedFlink does(String verb, String... results) {
    return triggers(verb, "{}").results(verb, 1, results);
  }

  /** What Flink remembers of the job's checkpoints; entries as {@link #checkpoint} makes them. */
  public ScriptedFlink history(String... entries) {
    flink.answer(
        JOB + "/checkpoints",
        "{\"counts\":{\"completed\":0,\"failed\":0,\"in_progress\":0},\"latest\":{},\"history\":["
            + String.join(",", entries)
            + "]}");
    return this;
  }

  /** A new job can be started under an id, and then runs as one that was restored. */
  public ScriptedFlink starts(String id, String restored) {
    flink
        .answer("/jars/upload", "{\"filename\":\"/u/1_job.jar\",\"status\":\"success\"}")
        .answer("/jars/1_job.jar", "{}")
        .answer("/jars/1_job.jar/plan", "{\"plan\":{}}")
        .answer("/jars/1_job.jar/run", "{\"jobid\":\"" + id + "\"}")
        .answer("/jobs/" + id, FakeFlink.details("RUNNING", 2))
        .answer(
            "/jobs/" + id + "/exceptions?maxExceptions=20",
            "{\"exceptionHistory\":{\"entries\":[],\"truncated\":false}}")
        .answer(
            "/jobs/" + id + "/checkpoints",
            FakeFlink.checkpoints(
                "{\"restored\":{\"id\":7,\"restore_timestamp\":1769860800000,"
                    + "\"is_savepoint\":true,\"external_path\":\""
                    + restored
                    + "\"}}"));
    return this;
  }

  /** A checkpoint or savepoint, triggered at 11:59:48, which took 2 s. */
  public static String checkpoint(long id, boolean savepoint, String status, String path) {
    return """
    {"id":%d,"status":"%s","is_savepoint":%s,"trigger_timestamp":1769860788000,
     "end_to_end_duration":2000,"state_size":3452,"num_subtasks":4,"num_acknowledged_subtasks":3,
     "external_path":%s,"discarded":false}\
    """
        .formatted(id, status, savepoint, path == null ? "null" : "\"" + path + "\"");
  }

  /** The result of something that came to a good end. */
  public static String completed(String path) {
    return "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"location\":\"" + path + "\"}}";
  }

  /** The result of something that failed, in the form in which Flink calls it COMPLETED. */
  public static String failed(String trace) {
    return """
    {"status":{"id":"COMPLETED"},"operation":{"failure-cause":{"class":"a.B","stack-trace":"%s",
     "serialized-throwable":"%s"}}}\
    """
        .formatted(trace, "rO0ABX".repeat(10_000));
  }

  /** How often something was triggered. */
  public int triggered() {
    return triggers.get();
  }

  @Override
  public void close() {
    flink.close();
  }

  private static void write(HttpExchange exchange, String answer) throws IOException {
    if (answer.equals(LOST)) {
      throw new IOException("the answer is lost");
    }
    boolean missing = answer.equals(MISSING);
    boolean error = answer.contains("\"errors\"");
    String body = missing ? "{\"errors\":[\"a.NotFoundException: not found\"]}" : answer;
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(missing ? 404 : error ? 400 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static final class Script {
    private final Deque<String> answers;

    Script(List<String> answers) {
      this.answers = new ArrayDeque<>(answers);
    }

    synchronized void next(HttpExchange exchange) throws IOException {
      write(exchange, answers.size() == 1 ? answers.peek() : answers.poll());
    }
  }
}
