package dev.trafficctl.cli.command.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.TestConsole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code local down --wipe} makes of a directory that is not its own. */
class LocalDownCommandTest {
  private final TestConsole console = TestConsole.frozen();
  @TempDir Path temporary;

  private int wipe(Path directory) {
    return console.run("local", "down", "--wipe", "--directory", directory.toString());
  }

  @Test
  void aDirectoryWithoutAStackIsRefused() throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("stück")).toAbsolutePath();
    Path precious = Files.writeString(directory.resolve("thesis.tex"), "mine");

    assertThat(wipe(directory)).isEqualTo(4);
    assertThat(console.out()).isEmpty();
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: "
                + directory
                + " holds no local stack; nothing was deleted: check --directory\n");
    assertThat(precious).hasContent("mine");
  }

  @Test
  void aDirectoryWithSomethingBesidesAStackIsRefused() throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("stück")).toAbsolutePath();
    for (String own : new String[] {"logs", "run", "postgres", "kafka", "flink"}) {
      Files.createDirectory(directory.resolve(own));
    }
    Path precious = Files.writeString(directory.resolve("thesis.tex"), "mine");

    assertThat(wipe(directory)).isEqualTo(4);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: "
                + directory
                + " holds what is not of a local stack: thesis.tex; nothing was deleted: check"
                + " --directory, or move that away first\n");
    assertThat(precious).hasContent("mine");
    assertThat(directory.resolve("logs")).exists();
  }

  @Test
  void aDirectoryThatIsNotThereIsNoFailure() {
    assertThat(wipe(temporary.resolve("none"))).isZero();
  }
}
