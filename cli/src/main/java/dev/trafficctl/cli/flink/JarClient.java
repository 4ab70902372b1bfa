package dev.trafficctl.cli.flink;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;

/**
 * The endpoints of Flink's REST API for jars. They throw what those of {@link FlinkClient} throw.
 */
public final class JarClient {
  private static final MediaType JAR = MediaType.get("application/java-archive");
  private static final Duration UPLOAD = Duration.ofMinutes(5);
  // The job's main() runs meanwhile and gives up on Kafka and Postgres after some 20 s.
  private static final Duration SUBMIT = Duration.ofSeconds(60);

  private final RestCalls rest;

  JarClient(RestCalls rest) {
    this.rest = rest;
  }

  /**
   * {@code POST /jars/upload}.
   *
   * @return the id that the jar has until it is deleted or the JobManager restarts
   */
  public String upload(Path jar) {
    RequestBody body =
        new MultipartBody.Builder()
            .setType(MultipartBody.FORM)
            .addFormDataPart(
                "jarfile", jar.getFileName().toString(), RequestBody.create(jar.toFile(), JAR))
            .build();
    String path = rest.send(rest.path("jars/upload"), body, UPLOAD).text("filename");
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * {@code POST /jars/:id/run}: runs the jar's {@code main} on the JobManager and starts the job
   * that it describes.
   */
  public void run(String jarId, JarRunRequest start) {
    ObjectNode body =
        main(start.parallelism(), start.arguments(), start.configuration())
            .put("jobId", start.jobId().text());
    if (start.restorePath() != null) {
      body.put("savepointPath", start.restorePath())
          .put("claimMode", "NO_CLAIM")
          .put("allowNonRestoredState", start.allowNonRestoredState());
    }
    rest.post(jar(jarId).addPathSegment("run"), body, SUBMIT);
  }

  /**
   * {@code POST /jars/:id/plan}: runs the jar's {@code main} on the JobManager up to the point
   * where it would start the job, and starts nothing.
   *
   * @param parallelism from 1
   * @param arguments as {@code main} gets them
   * @param configuration options of Flink, as {@code main} sees them
   */
  public void plan(
      String jarId, int parallelism, List<String> arguments, Map<String, String> configuration) {
    rest.post(
        jar(jarId).addPathSegment("plan"), main(parallelism, arguments, configuration), SUBMIT);
  }

  /**
   * How a jar's {@code main} is called. Flink ignores fields that it does not know: programArgs
   * would call it without arguments.
   */
  private static ObjectNode main(
      int parallelism, List<String> arguments, Map<String, String> configuration) {
    ObjectNode body = RestCalls.object().put("parallelism", parallelism);
    arguments.forEach(body.putArray("programArgsList")::add);
    if (!configuration.isEmpty()) {
      configuration.forEach(body.putObject("flinkConfiguration")::put);
    }
    return body;
  }

  /** {@code DELETE /jars/:id}; the jobs that were started from it run on. */
  public void delete(String jarId) {
    rest.delete(jar(jarId));
  }

  private HttpUrl.Builder jar(String jarId) {
    return rest.path("jars").addPathSegment(jarId);
  }
}
