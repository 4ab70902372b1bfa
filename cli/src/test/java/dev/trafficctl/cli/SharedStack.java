package dev.trafficctl.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One local stack for all of this module's tests against real processes: on free ports, in a
 * directory of its own, and gone with all its data when the last test has ended.
 */
public final class SharedStack implements BeforeAllCallback {
  private static Path directory;

  /** Where the stack keeps its state, as the option {@code --directory} takes it. */
  public static String directory() {
    return directory.toString();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .getOrComputeIfAbsent(Running.class, type -> new Running(), Running.class);
  }

  /** Runs {@code local up} for the stack, on ports that are free. */
  public static int up(TestConsole console, String directory) {
    return console.run(
        "local",
        "up",
        "--directory",
        directory,
        "--kafka-port",
        "0",
        "--postgres-port",
        "0",
        "--flink-port",
        "0");
  }

  private static final class Running implements AutoCloseable {
    private final TestConsole console = TestConsole.real();

    Running() {
      try {
        directory = Files.createTempDirectory("trafficctl-it").resolve("stack");
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      if (up(console, directory()) != 0) {
        throw new AssertionError("the stack does not come up: " + console.err());
      }
    }

    @Override
    public void close() throws IOException {
      if (console.run("local", "down", "--wipe", "--directory", directory()) != 0) {
        throw new AssertionError("the stack does not go down: " + console.err());
      }
      Files.deleteIfExists(directory);
      Files.delete(directory.getParent());
    }
  }
}
