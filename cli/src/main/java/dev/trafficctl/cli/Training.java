package dev.trafficctl.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import dev.trafficctl.cli.command.LagCommand;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Loads the classes that most commands need, so that the launcher can have the JVM keep them in an
 * archive for class-data sharing: commands run against servers of this process that answer as Flink
 * and Kafka do for one healthy job.
 */
final class Training {
  private static final String JOB = "00000000000000000000000000000001";
  private static final Map<String, String> ANSWERS =
      Map.of(
          "/overview",
          """
          {"taskmanagers":1,"slots-total":2,"slots-available":0,"flink-version":"2.2.1"}\
          """,
          "/jobs/overview",
          """
          {"jobs":[{"jid":"00000000000000000000000000000001","name":"traffic","state":"RUNNING",
          "start-time":1,"end-time":-1,"duration":1,"last-modification":1,
          "tasks":{"running":1,"canceling":0,"canceled":0,"total":1,"created":0,"scheduled":0,
          "deploying":0,"reconciling":0,"finished":0,"initializing":0,"failed":0}}]}\
          """,
          "/jobs/" + JOB,
          """
          {"jid":"00000000000000000000000000000001","name":"traffic","state":"RUNNING",
          "start-time":1,"end-time":-1,"maxParallelism":128,"now":1,"timestamps":{"RUNNING":1},
          "vertices":[{"id":"00000000000000000000000000000002","name":"Source: read","maxParallelism":128,
          "parallelism":1,"status":"RUNNING","tasks":{"RUNNING":1}}]}\
          """,
          "/jobs/" + JOB + "/config",
          """
          {"jid":"00000000000000000000000000000001","name":"traffic","execution-config":
          {"job-parallelism":1,"user-config":{"trafficctl.version":"1","trafficctl.arguments":
          "[\\"--kafka-url\\",\\"broker:9092\\",\\"--kafka-topic\\",\\"web-traffic\\",\\"--kafka-group\\",\\"traffic\\",\
          \\"--postgres-url\\",\\"jdbc:postgresql://db/traffic\\",\\"--postgres-user\\",\\"traffic\\"]"}}}\
          """,
          "/jobs/" + JOB + "/checkpoints",
          """
          {"counts":{"restored":0,"total":1,"in_progress":0,"completed":1,"failed":0},
          "latest":{"completed":null,"savepoint":null,"failed":null,"restored":null},
          "history":[{"id":1,"status":"COMPLETED","is_savepoint":false,"trigger_timestamp":1,
          "latest_ack_timestamp":1,"state_size":1,"end_to_end_duration":1,"num_subtasks":1,
          "num_acknowledged_subtasks":1,"external_path":"file:CHECKPOINT","discarded":false}]}\
          """,
          "/jobs/" + JOB + "/checkpoints/config",
          """
          {"interval":10000,"timeout":600000,
          "externalization":{"enabled":true,"delete_on_cancellation":false}}\
          """,
          "/jobs/" + JOB + "/exceptions",
          """
          {"exceptionHistory":{"entries":[],"truncated":false}}\
          """,
          "/jobs/" + JOB + "/metrics",
          """
          [{"id":"numRestarts","value":"0"}]\
          """,
          "/jobs/" + JOB + "/vertices/00000000000000000000000000000002/metrics",
          """
          [{"id":"0.Source__read.KafkaSourceReader.topic.web-traffic.partition.0.currentOffset",
          "value":"4"}]\
          """,
          "/jobmanager/config",
          """
          [{"key":"metrics.fetcher.update-interval","value":"1000"}]\
          """);

  private Training() {}

  /** Runs the commands; what they print goes nowhere. */
  public static void main(String[] arguments) throws Exception {
    Path checkpoint = Files.createTempDirectory("trafficctl-training");
    TrainingState.write(checkpoint);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String known = ANSWERS.get(exchange.getRequestURI().getPath());
          String body =
              known == null
                  ? "{\"errors\":[\"Not found.\"]}"
                  : known.replace("CHECKPOINT", checkpoint.toString());
          byte[] answer = body.getBytes(UTF_8);
          exchange.sendResponseHeaders(known == null ? 404 : 200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    try (TrainingKafka kafka = new TrainingKafka(answer -> {})) {
      String flink = "http://127.0.0.1:" + server.getAddress().getPort();
      Preload.begin(LagCommand.class);
      run("jobs", "--flink", flink);
      run("jobs", "--flink", flink, "-o", "json");
      run("status", "--flink", flink);
      run("status", "--flink", flink, "-o", "json");
      run("savepoint", "--flink", flink, "--plan");
      run("local", "status");
      Map<String, String> variables = Map.of("KAFKA_URL", kafka.address());
      run(variables, "lag", "--flink", flink);
      run(variables, "offsets", "--earliest", "--flink", flink);
      run(variables, "savepoint", "inspect", checkpoint.toString(), "--flink", flink);
    } finally {
      server.stop(0);
      Files.delete(checkpoint.resolve("_metadata"));
      Files.delete(checkpoint);
    }
  }

  private static void run(String... command) {
    run(Map.of(), command);
  }

  private static void run(Map<String, String> variables, String... command) {
    Installation none = Installation.distribution(Path.of("").toAbsolutePath());
    TrafficCtl.commandLine(Environment.silent(none, variables), command).execute(command);
  }
}
