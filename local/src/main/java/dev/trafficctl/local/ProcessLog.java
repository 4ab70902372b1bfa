package dev.trafficctl.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Finds in a log the line that says why a process ended. */
final class ProcessLog {
  private static final int LONGEST_TAIL = 64 * 1024;
  private static final int LONGEST_LINE = 300;
  private static final Pattern TROUBLE =
      Pattern.compile("\\b(ERROR|FATAL|PANIC)\\b|^Error\\b|^Caused by: |^Exception in thread");
  private static final Pattern STACK_FRAME = Pattern.compile("^\\s+(at |\\.\\.\\. )");

  private ProcessLog() {}

  /** What a log says since it had the given length. */
  static String read(Path log, long from) {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long start = Math.max(from, file.length() - LONGEST_TAIL);
      byte[] bytes = new byte[(int) Math.max(0, file.length() - start)];
      file.seek(start);
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  static long length(Path log) {
    try {
      return Files.size(log);
    } catch (IOException e) {
      return 0;
    }
  }

  /** The last line that reports trouble, else the last one with any text in it. */
  static String lastMeaningful(String text) {
    List<String> lines =
        text.lines()
            .filter(line -> !line.isBlank() && !STACK_FRAME.matcher(line).find())
            .map(String::strip)
            .toList();
    String last =
        lines.stream()
            .filter(line -> TROUBLE.matcher(line).find())
            .reduce((earlier, later) -> later)
            .orElseGet(() -> lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1));
    return last.length() <= LONGEST_LINE ? last : last.substring(0, LONGEST_LINE) + "…";
  }
}
