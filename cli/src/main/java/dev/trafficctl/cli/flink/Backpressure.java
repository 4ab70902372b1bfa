package dev.trafficctl.cli.flink;

import java.util.List;

/**
 * How far a vertex is held up by those behind it.
 *
 * @param known whether Flink has measured it; it does so on the first question
 * @param level {@code ok}, {@code low} or {@code high}; null if it is not known
 * @param subtasks one entry for each subtask
 */
public record Backpressure(boolean known, String level, List<Subtask> subtasks) {
  /**
   * How a subtask spends its time; the three shares add up to 1, or are NaN where Flink does not
   * know.
   *
   * @param subtask its number, from 0
   * @param backpressured the share in which it waits for those behind it, 0 to 1
   * @param idle the share in which there is nothing to do
   * @param busy the share in which it works
   */
  public record Subtask(int subtask, double backpressured, double idle, double busy) {}
}
