package dev.trafficctl.local;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the files lie that the parts are made of.
 *
 * @param kafkaLib the directory of the broker's jars
 * @param flinkLib the directory of Flink's jars
 * @param configuration the directory of the configuration files that the containers mount too
 */
public record Distribution(Path kafkaLib, Path flinkLib, Path configuration) {
  /** The files of a source checkout after {@code mvn package}. */
  public static Distribution ofCheckout(Path root) {
    return new Distribution(
        root.resolve("local/kafka/target/lib"),
        root.resolve("local/flink/target/lib"),
        root.resolve("local/conf"));
  }

  /** Fails early where a directory is missing. */
  void check() {
    for (Path directory : new Path[] {kafkaLib, flinkLib, configuration}) {
      if (!Files.isDirectory(directory)) {
        throw new StackException(
            directory + " is missing: run `mvn package` in the checkout first");
      }
    }
  }
}
