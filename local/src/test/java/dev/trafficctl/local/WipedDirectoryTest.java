package dev.trafficctl.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.model.ShellWord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which directories {@code local down --wipe} empties. */
class WipedDirectoryTest {
  private static final StackOptions OPTIONS = new StackOptions(1, 1, Security.PLAINTEXT, 0, 0, 0);

  @TempDir Path temporary;
  private Path directory;
  private LocalStack stack;

  @BeforeEach
  void choose() {
    directory = temporary.resolve("stück").toAbsolutePath();
    stack = LocalStack.in(directory, Distribution.ofCheckout(Path.of("..")));
  }

  private List<String> wipe() {
    List<String> said = new ArrayList<>();
    stack.down(true, said::add);
    return said;
  }

  @Test
  void oneThatHoldsNoStackIsLeftAsItIs() throws Exception {
    Path precious = Files.createDirectories(directory.resolve("logs")).resolve("access.log");
    Files.writeString(precious, "mine");

    assertThatThrownBy(this::wipe)
        .isInstanceOf(StackRefusedException.class)
        .hasMessage(directory + " holds no local stack; nothing was deleted: check --directory");
    assertThat(precious).hasContent("mine");
    assertThat(directory.resolve("lock")).doesNotExist();
  }

  @Test
  void oneThatHoldsSomethingBesidesAStackIsLeftAsItIs() throws Exception {
    stack.prepare(OPTIONS);
    Files.writeString(directory.resolve("thesis.tex"), "mine");

    assertThatThrownBy(this::wipe)
        .isInstanceOf(StackRefusedException.class)
        .hasMessage(
            directory
                + " holds what is not of a local stack: thesis.tex; nothing was deleted: check"
                + " --directory, or move that away first");
    assertThat(directory.resolve("thesis.tex")).hasContent("mine");
    assertThat(directory.resolve("stack.json")).exists();
  }

  @Test
  void noStackIsMadeAmongOtherFiles() throws Exception {
    Files.createDirectories(directory);
    for (int file = 1; file <= 7; file++) {
      Files.createFile(directory.resolve("file-" + file));
    }

    assertThatThrownBy(() -> stack.prepare(OPTIONS))
        .isInstanceOf(StackRefusedException.class)
        .hasMessage(
            directory
                + " holds what is not of a local stack: file-1, file-2, file-3, file-4, file-5, and"
                + " 2 more; choose another directory, or an empty one");
    assertThat(directory.resolve("logs")).doesNotExist();
  }

  @Test
  void oneWithAStackOrWithWhatIsLeftOfOneIsEmptied() throws Exception {
    stack.prepare(OPTIONS);
    assertThat(wipe()).last().isEqualTo("deleted everything in " + directory);
    assertThat(directory).isEmptyDirectory();

    stack.prepare(OPTIONS);
    Files.delete(directory.resolve("stack.json"));
    wipe();
    assertThat(directory).isEmptyDirectory();
  }

  /** What {@code local up} and the others advise then must not be refused for the same reason. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"clusterId\":",
        "{}",
        "[]",
        "{\"clusterId\":\"c\",\"flinkRpcPort\":1,\"options\":{\"taskManagers\":0,\"slots\":1,"
            + "\"security\":\"PLAINTEXT\",\"kafkaPort\":1,\"postgresPort\":1,\"flinkPort\":1}}",
        "{\"clusterId\":\"c\",\"flinkRpcPort\":1,\"options\":{\"taskManagers\":1,\"slots\":1,"
            + "\"security\":\"PLAINTEXT\",\"kafkaPort\":\"x\",\"postgresPort\":1,\"flinkPort\":1}}"
      })
  void oneWhoseRecordIsDamagedIsEmptiedAsIsAdvised(String damaged) throws Exception {
    stack.prepare(OPTIONS);
    Files.writeString(directory.resolve("stack.json"), damaged);

    assertMendedAsIsAdvised("stack.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "POSTGRES_PASSWORD", "x=1\nx=2\n"})
  void oneWhoseSecretsAreDamagedIsEmptiedAsIsAdvised(String damaged) throws Exception {
    stack.prepare(OPTIONS);
    Files.writeString(directory.resolve("secrets.env"), damaged);

    assertMendedAsIsAdvised("secrets.env");
  }

  private void assertMendedAsIsAdvised(String file) {
    assertThatThrownBy(() -> stack.prepare(OPTIONS))
        .isInstanceOf(StackException.class)
        .hasMessageContaining(directory.resolve(file).toString())
        .hasMessageEndingWith(
            ": run `trafficctl local down --wipe --directory "
                + ShellWord.of(directory.toString())
                + "` and start anew");
    assertThat(wipe()).last().isEqualTo("deleted everything in " + directory);
    stack.prepare(OPTIONS);
    assertThat(stack.madeWith()).isPresent();
  }

  /** Else its data would be deleted below it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatRunsIsStoppedFirstAlsoWhereTheRecordIsDamagedOrGone(boolean gone) throws Exception {
    stack.prepare(OPTIONS);
    Process process = new ProcessBuilder("sleep", "600").start();
    try {
      Files.writeString(
          directory.resolve("run/taskmanager-7.pid"),
          process.pid() + " " + process.info().startInstant().orElseThrow().getEpochSecond());
      Files.delete(directory.resolve("stack.json"));
      if (!gone) {
        Files.writeString(directory.resolve("stack.json"), "{");
      }

      assertThat(wipe())
          .containsExactly("taskmanager-7 is stopped", "deleted everything in " + directory);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }
}
