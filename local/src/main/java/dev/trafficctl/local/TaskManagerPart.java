package dev.trafficctl.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** One of Flink's TaskManagers. */
final class TaskManagerPart extends FlinkPart {
  private static final int ID_DIGITS = 8;

  TaskManagerPart(
      int number,
      StackDirectory directory,
      Distribution distribution,
      StackRecord stack,
      Map<String, String> environment) {
    super("taskmanager-" + number, directory, distribution, stack, environment);
  }

  @Override
  String mainClass() {
    return "org.apache.flink.runtime.taskexecutor.TaskManagerRunner";
  }

  @Override
  String memoryCommand() {
    return "GET_TM_RESOURCE_PARAMS";
  }

  @Override
  String kind() {
    return "taskmanager";
  }

  @Override
  String address() {
    return null;
  }

  @Override
  List<Port> ports() {
    return List.of();
  }

  @Override
  List<String> settings() throws IOException {
    // A new id for each start: the JobManager lists the old one until its heartbeat times out.
    String id = name() + "-" + UUID.randomUUID().toString().substring(0, ID_DIGITS);
    Files.writeString(idFile(), id);
    return List.of(
        "taskmanager.memory.process.size=1728m",
        "taskmanager.numberOfTaskSlots=" + stack().options().slots(),
        "taskmanager.resource-id=" + id,
        "taskmanager.host=127.0.0.1",
        "taskmanager.bind-host=127.0.0.1");
  }

  private Path idFile() {
    return directory().flink().resolve(name() + ".id");
  }

  /** Whether the JobManager knows this very process, with all its slots. */
  @Override
  boolean answers() {
    String id;
    try {
      id = Files.readString(idFile());
    } catch (IOException e) {
      return false;
    }
    return ask("/taskmanagers").stream()
        .flatMap(answer -> StreamSupport.stream(answer.path("taskmanagers").spliterator(), false))
        .anyMatch(taskManager -> isMine(taskManager, id));
  }

  private boolean isMine(JsonNode taskManager, String id) {
    return taskManager.path("id").asText().equals(id)
        && taskManager.path("slotsNumber").asInt() == stack().options().slots();
  }
}
