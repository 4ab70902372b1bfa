package dev.trafficctl.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordTest {
  private static final List<String> WORDS =
      List.of(
          "",
          "traffic",
          "a b",
          "it's",
          "''",
          "$HOME `id` $(id) ${x} !1 *",
          "~",
          "~root",
          "=ls",
          "%1",
          "-x",
          "#",
          "a\\b\\n\\",
          "\"quoted\"",
          "städtisch ☕ 😀",
          "two\nlines",
          "a\u001b[31mred\u0007",
          "%d%s\u0001\\ '",
          "right\u202eleft",
          "next\u0085line\u2028end",
          "\u0001" + "7");

  @Test
  void quotesOnlyWhatNeedsIt() {
    assertThat(ShellWord.of("s3://b/savepoint-1")).isEqualTo("s3://b/savepoint-1");
    assertThat(ShellWord.of("a b;ü'$(x)")).isEqualTo("'a b;ü'\\''$(x)'");
    assertThat(ShellWord.of("=ls")).isEqualTo("'=ls'");
    assertThat(ShellWord.of("")).isEqualTo("''");
    assertThat(ShellWord.of("a'b\\c%\nd")).isEqualTo("\"$(printf 'a\\047b\\134c%%\\012d')\"");
  }

  /** In every shell that this machine has. */
  @ParameterizedTest
  @ValueSource(strings = {"sh", "dash", "bash", "zsh", "ksh", "mksh", "busybox sh"})
  void isTheSameWordInEveryShell(String shell) throws Exception {
    List<String> command = List.of(shell.split(" "));
    if (isThere(command.get(0))) {
      for (String word : WORDS) {
        assertThat(ShellWord.of(word)).doesNotContain("\n", "\u001b", "$'");
        assertThat(echoed(command, word)).as("%s: %s", shell, ShellWord.of(word)).isEqualTo(word);
      }
    }
  }

  private static boolean isThere(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  private static String echoed(List<String> shell, String word) throws IOException {
    Process process =
        new ProcessBuilder(
                Stream.concat(shell.stream(), Stream.of("-c", "printf %s. " + ShellWord.of(word)))
                    .toList())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return output.substring(0, output.length() - 1);
  }
}
