package dev.trafficctl.cli.command.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.cli.process.CommandException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogPrinterTest {
  private final StringWriter text = new StringWriter();
  private final PrintWriter out = new PrintWriter(text);

  @TempDir Path directory;

  private Path log(String content) throws IOException {
    return Files.writeString(directory.resolve("part.log"), content);
  }

  @Test
  void printsTheLastLinesAndTheUnfinishedOne() throws IOException {
    new LogPrinter(out, time -> {}).print(log("one\ntwo\r\nthree\nfour"), 2, false);
    assertThat(text.toString()).isEqualTo("two\nthree\nfour\n");
  }

  @Test
  void escapesWhatAProcessWrote() throws IOException {
    new LogPrinter(out, time -> {}).print(log("a\u001b[31mb\tc\n"), 10, false);
    assertThat(text.toString()).isEqualTo("a\\u001B[31mb\tc\n");
  }

  @Test
  void followsWhatIsWrittenMeanwhile() throws IOException {
    Path log = log("one\ntw");
    Deque<String> later = new ArrayDeque<>(List.of("o\n", "thr", "ee\n"));
    LogPrinter printer =
        new LogPrinter(
            out,
            time -> {
              if (later.isEmpty()) {
                throw new InterruptedException("that was all");
              }
              append(log, later.removeFirst());
            });
    assertThatThrownBy(() -> printer.print(log, 10, true))
        .isInstanceOf(CommandException.class)
        .hasMessage("interrupted while waiting");
    assertThat(Thread.interrupted()).isTrue();
    out.flush();
    assertThat(text.toString()).isEqualTo("one\ntwo\nthree\n");
  }

  private static void append(Path log, String more) {
    try {
      Files.writeString(log, more, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
