package dev.trafficctl.cli.runbook;

import dev.trafficctl.cli.runbook.Runbook.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command of a page and what the page shows of it.
 *
 * @param line where it stands on the page, from 1
 * @param command as it is written, on one line
 * @param output the lines that it prints, words and data as a terminal shows them
 * @param exitCode 0, unless the page shows another behind {@code echo $?}
 */
record Step(int line, String command, List<String> output, int exitCode) {
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
  private static final String PROMPT = "$ ";

  /**
   * The commands of a {@code console} block.
   *
   * @throws IllegalArgumentException when it is not written as such a block has to be
   */
  static List<Step> of(Block block) {
    List<Step> steps = new ArrayList<>();
    List<String> lines = block.text().stripTrailing().lines().toList();
    for (int i = 0; i < lines.size(); ) {
      int line = block.line() + i;
      if (!lines.get(i).startsWith(PROMPT)) {
        throw new IllegalArgumentException("line " + line + ": a command begins with `$ `");
      }
      StringBuilder command = new StringBuilder(lines.get(i++).substring(PROMPT.length()));
      while (command.toString().endsWith("\\") && i < lines.size()) {
        command.setLength(command.length() - 1);
        command.append(lines.get(i++).strip());
      }
      List<String> output = new ArrayList<>();
      while (i < lines.size() && !lines.get(i).startsWith(PROMPT)) {
        output.add(lines.get(i++));
      }
      if (command.toString().equals("echo $?")) {
        steps.add(withExitCode(steps, line, output));
      } else {
        steps.add(new Step(line, command.toString(), List.copyOf(output), 0));
      }
    }
    return steps;
  }

  private static Step withExitCode(List<Step> steps, int line, List<String> output) {
    if (steps.isEmpty() || output.size() != 1 || !output.get(0).matches("\\d+")) {
      throw new IllegalArgumentException(
          "line " + line + ": `echo $?` follows a command and prints one number");
    }
    Step before = steps.remove(steps.size() - 1);
    return new Step(before.line, before.command, before.output, Integer.parseInt(output.get(0)));
  }

  /** The words of the command; quotes keep a word together. */
  List<String> words() {
    return words(command);
  }

  static List<String> words(String command) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(command);
    while (matcher.find()) {
      for (int group = 1; group <= 3; group++) {
        if (matcher.group(group) != null) {
          words.add(matcher.group(group));
        }
      }
    }
    return words;
  }
}
