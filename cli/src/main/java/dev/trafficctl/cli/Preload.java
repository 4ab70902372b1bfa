package dev.trafficctl.cli;

import dev.trafficctl.cli.command.ClusterOption;
import dev.trafficctl.cli.command.LagCommand;
import dev.trafficctl.cli.command.OffsetsCommand;
import dev.trafficctl.cli.command.VerifyCommand;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.kafka.KafkaLibrary;
import java.util.Arrays;
import java.util.Set;

/**
 * Loads the libraries that a command is sure to use while its arguments are still parsed. Java
 * loads a class when it is first used; a second core can do that meanwhile.
 */
final class Preload {
  private static final Set<Class<?>> READ_KAFKA =
      Set.of(LagCommand.class, OffsetsCommand.class, VerifyCommand.class);

  private Preload() {}

  /** Begins for a command, and does not wait. */
  static void begin(Class<?> command) {
    if (READ_KAFKA.contains(command)) {
      begin("preload-kafka", KafkaLibrary::load);
    }
    if (asksFlink(command)) {
      begin("preload-flink", () -> FlinkClient.at("http://127.0.0.1"));
    }
  }

  private static boolean asksFlink(Class<?> command) {
    return Arrays.stream(command.getDeclaredFields())
        .anyMatch(field -> field.getType() == ClusterOption.class);
  }

  private static void begin(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    // What cannot be loaded fails again, and is told, where it is used.
    thread.setUncaughtExceptionHandler((ended, failure) -> {});
    thread.start();
  }
}
