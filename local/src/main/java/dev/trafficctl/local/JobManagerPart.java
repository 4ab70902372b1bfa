package dev.trafficctl.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Flink's JobManager, with its REST API. */
final class JobManagerPart extends FlinkPart {
  JobManagerPart(
      StackDirectory directory,
      Distribution distribution,
      StackRecord stack,
      Map<String, String> environment) {
    super("jobmanager", directory, distribution, stack, environment);
  }

  @Override
  String mainClass() {
    return "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";
  }

  @Override
  String memoryCommand() {
    return "GET_JM_RESOURCE_PARAMS";
  }

  @Override
  String kind() {
    return "jobmanager";
  }

  @Override
  String address() {
    return restUrl(stack().options().flinkPort());
  }

  @Override
  List<Port> ports() {
    return List.of(
        Port.chosenBy("--flink-port", stack().options().flinkPort()),
        Port.internal(stack().flinkRpcPort()));
  }

  @Override
  List<String> settings() throws IOException {
    int restPort = stack().options().flinkPort();
    Path upload = directory().flink().resolve("upload");
    Files.createDirectories(upload);
    return List.of(
        "jobmanager.memory.process.size=800m",
        "jobmanager.bind-host=127.0.0.1",
        "rest.address=127.0.0.1",
        "rest.bind-address=127.0.0.1",
        "rest.port=" + restPort,
        "rest.bind-port=" + restPort,
        "web.access-control-allow-origin=" + restUrl(restPort),
        "web.upload.dir=" + upload,
        "execution.checkpointing.dir=" + made(directory().checkpoints()),
        "execution.checkpointing.savepoint-dir=" + made(directory().savepoints()));
  }

  private static String made(Path path) throws IOException {
    return StackDirectory.flinkUrl(Files.createDirectories(path));
  }

  @Override
  boolean answers() {
    return ask("/overview").isPresent();
  }
}
