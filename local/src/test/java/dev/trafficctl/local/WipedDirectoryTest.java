package dev.trafficctl.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
