package dev.trafficctl.cli.process;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where this program's own files lie.
 *
 * @param root the root of the source checkout, or of the unpacked distribution
 * @param isCheckout whether it is a checkout, which alone has the local stack
 */
public record Installation(Path root, boolean isCheckout) {
  /** The variable by which Flink itself finds its plug-ins. */
  public static final String PLUGINS_VARIABLE = "FLINK_PLUGINS_DIR";

  /** A source checkout after a build. */
  public static Installation checkout(Path root) {
    return new Installation(root, true);
  }

  /** An unpacked distribution. */
  public static Installation distribution(Path root) {
    return new Installation(root, false);
  }

  /**
   * What the launcher tells in system properties; without a launcher, a checkout in this directory.
   */
  public static Installation ofSystemProperties() {
    String distribution = System.getProperty("trafficctl.distribution");
    return distribution == null
        ? checkout(absolute(System.getProperty("trafficctl.checkout", ".")))
        : distribution(absolute(distribution));
  }

  private static Path absolute(String path) {
    return Path.of(path).toAbsolutePath().normalize();
  }

  /**
   * The directory with Flink's file-system plug-ins, which need not exist: where Flink itself would
   * look for them, else beside this program.
   *
   * @param variables the environment variables
   */
  public Path pluginDirectory(Map<String, String> variables) {
    String given = variables.getOrDefault(PLUGINS_VARIABLE, "");
    return given.isBlank() ? root.resolve("plugins") : absolute(given);
  }

  /** The directory of the job's jar. */
  public Path jobDirectory() {
    return root.resolve(isCheckout ? "job/target" : "job");
  }
}
