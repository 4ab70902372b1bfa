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
        "execution.checkpointing.dir=" + directoryUrl("checkpoints"),
        "execution.checkpointing.savepoint-dir=" + directoryUrl("savepoints"));
  }

  /** As Flink's own paths are written, where a space is a space. */
  private String directoryUrl(String name) throws IOException {
    Path path = directory().flink().resolve(name);
    Files.createDirectories(path);
    return "file://" + path;
  }

  @Override
  boolean answers() {
    return ask("/overview").isPresent();
  }
}
