package dev.trafficctl.cli;

import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.command.option.ClusterOption;
import dev.trafficctl.cli.flink.FlinkClient;
import java.util.Arrays;

/**
 * Loads what a command is sure to ask Flink with while its arguments are still parsed. Java loads a
 * class when it is first used; a second core can do that meanwhile.
 */
final class Preload {
  private Preload() {}

  /** Begins for a command, and does not wait. */
  static void begin(Class<?> command) {
    boolean asksFlink =
        Arrays.stream(command.getDeclaredFields())
            .anyMatch(field -> field.getType() == ClusterOption.class);
    if (!asksFlink) {
      return;
    }
    Thread thread =
        new Thread(() -> FlinkClient.at("http://127.0.0.1", new ShellCommands()), "preload");
    thread.setDaemon(true);
    // What cannot be loaded fails again, and is told, where it is used.
    thread.setUncaughtExceptionHandler((ended, failure) -> {});
    thread.start();
  }
}
