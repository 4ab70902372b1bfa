package dev.trafficctl.cli.flink;

import java.util.List;

/**
 * The end of a log.
 *
 * @param lines its last lines, the oldest first
 * @param bytes how large the whole log is
 * @param cut whether fewer lines are there than were asked for, because the end that was kept does
 *     not hold more
 */
public record LogTail(List<String> lines, long bytes, boolean cut) {
  /**
   * The last lines of a text.
   *
   * @param end the end of the log
   * @param bytes how large the whole log is
   * @param whole whether the end is all of it
   * @param most how many lines at most
   */
  static LogTail of(String end, long bytes, boolean whole, int most) {
    List<String> lines = end.lines().toList();
    // The first line of a part is the rest of a line.
    List<String> full = whole || lines.isEmpty() ? lines : lines.subList(1, lines.size());
    List<String> last = full.subList(Math.max(0, full.size() - most), full.size());
    return new LogTail(List.copyOf(last), bytes, !whole && full.size() < most);
  }
}
