package dev.trafficctl.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a stack was made with, as {@code stack.json} keeps it. No secret is in it.
 *
 * @param clusterId the id with which Kafka's storage was formatted
 * @param options the options, with the ports that were found where any free one was asked for
 * @param flinkRpcPort the port on which the TaskManagers find the JobManager
 */
record StackRecord(String clusterId, StackOptions options, int flinkRpcPort) {

  /**
   * What {@code stack.json} says. Every command reads it, and to have Jackson bind the records
   * would take each of them a tenth of a second.
   *
   * @throws IllegalArgumentException when it says something else
   */
  static StackRecord of(JsonNode file) {
    JsonNode options = file.required("options");
    return new StackRecord(
        text(file, "clusterId"),
        new StackOptions(
            number(options, "taskManagers"),
            number(options, "slots"),
            Security.valueOf(text(options, "security")),
            number(options, "kafkaPort"),
            number(options, "postgresPort"),
            number(options, "flinkPort")),
        number(file, "flinkRpcPort"));
  }

  private static String text(JsonNode object, String field) {
    JsonNode value = object.required(field);
    if (!value.isTextual()) {
      throw new IllegalArgumentException(field + " is no text");
    }
    return value.textValue();
  }

  private static int number(JsonNode object, String field) {
    JsonNode value = object.required(field);
    if (!value.canConvertToInt() || value.intValue() < 1) {
      throw new IllegalArgumentException(field + " is no number of at least 1");
    }
    return value.intValue();
  }

  /** A new stack, with a free port wherever none was named. */
  static StackRecord make(String clusterId, StackOptions wanted) {
    int[] free = FreePorts.find(4);
    StackOptions options =
        new StackOptions(
            wanted.taskManagers(),
            wanted.slots(),
            wanted.security(),
            wanted.kafkaPort() == 0 ? free[0] : wanted.kafkaPort(),
            wanted.postgresPort() == 0 ? free[1] : wanted.postgresPort(),
            wanted.flinkPort() == 0 ? free[2] : wanted.flinkPort());
    return new StackRecord(clusterId, options, free[3]);
  }

  /**
   * The same stack, grown to the number of TaskManagers that is asked for.
   *
   * @throws StackException when anything else is asked for than it was made with
   */
  StackRecord grow(StackOptions wanted, StackDirectory directory) {
    List<String> made = new ArrayList<>();
    List<String> asked = new ArrayList<>();
    compare("--slots", options.slots(), wanted.slots(), made, asked);
    compare("--security", flag(options.security()), flag(wanted.security()), made, asked);
    comparePort("--kafka-port", options.kafkaPort(), wanted.kafkaPort(), made, asked);
    comparePort("--postgres-port", options.postgresPort(), wanted.postgresPort(), made, asked);
    comparePort("--flink-port", options.flinkPort(), wanted.flinkPort(), made, asked);
    if (!made.isEmpty()) {
      throw new StackException(
          "this stack was made with "
              + String.join(" ", made)
              + ", not with "
              + String.join(" ", asked)
              + ": ask for the same, or delete the stack and its data first with `"
              + directory.command("down --wipe")
              + "`");
    }
    return new StackRecord(
        clusterId,
        options.withTaskManagers(Math.max(options.taskManagers(), wanted.taskManagers())),
        flinkRpcPort);
  }

  /** The names of the parts in the order in which they start. */
  List<String> parts() {
    List<String> names = new ArrayList<>(List.of("kafka", "postgres", "jobmanager"));
    IntStream.rangeClosed(1, options.taskManagers())
        .forEach(number -> names.add("taskmanager-" + number));
    return names;
  }

  private static String flag(Security security) {
    return security.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static void comparePort(
      String option, int was, int wanted, List<String> made, List<String> asked) {
    if (wanted != 0) {
      compare(option, was, wanted, made, asked);
    }
  }

  private static void compare(
      String option, Object was, Object wanted, List<String> made, List<String> asked) {
    if (!was.equals(wanted)) {
      made.add(option + " " + was);
      asked.add(option + " " + wanted);
    }
  }
}
