package dev.trafficctl.cli.command.observe;

import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.Sleeper;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Prints the end of a log, and what is written to it afterwards. */
public final class LogPrinter {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final PrintWriter out;
  private final Sleeper sleeper;
  private final StringBuilder unfinished = new StringBuilder();

  /** For one output. */
  public LogPrinter(PrintWriter out, Sleeper sleeper) {
    this.out = out;
    this.sleeper = sleeper;
  }

  /**
   * Prints the last lines.
   *
   * @param lines how many, from 0
   * @param follow whether to go on until the output is closed or the thread is interrupted
   */
  public void print(Path log, int lines, boolean follow) {
    // Lenient: a process that is killed may leave half a character.
    try (Reader reader =
        new InputStreamReader(new FileInputStream(log.toFile()), StandardCharsets.UTF_8)) {
      Deque<String> last = new ArrayDeque<>();
      for (String line = readLine(reader); line != null; line = readLine(reader)) {
        last.addLast(line);
        if (last.size() > lines) {
          last.removeFirst();
        }
      }
      last.forEach(this::show);
      if (!follow) {
        show(unfinished.toString());
        out.flush();
        return;
      }
      while (!out.checkError()) {
        String line = readLine(reader);
        if (line == null) {
          sleeper.pause(BETWEEN_LOOKS);
        } else {
          show(line);
        }
      }
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED, "cannot read the log " + log + ": " + e.getMessage(), e);
    }
  }

  private void show(String line) {
    if (!line.isEmpty()) {
      out.println(Text.safe(line));
    }
  }

  /** The next full line, or null when there is none yet. */
  private String readLine(Reader reader) throws IOException {
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      if (c == '\n') {
        String line = unfinished.toString();
        unfinished.setLength(0);
        return line;
      }
      if (c != '\r') {
        unfinished.append((char) c);
      }
    }
    return null;
  }
}
