package dev.trafficctl.cli.output;

import java.util.ArrayList;
import java.util.List;

/** A command that somebody can copy into a shell as it is shown. */
public final class ShellCommand {
  private final List<String> words = new ArrayList<>(List.of("trafficctl"));

  /** A command of this tool. */
  public ShellCommand(String... words) {
    add(words);
  }

  /**
   * Whether a name given as a parameter is taken for that: not for an option, nor for a file of
   * arguments, and the same when it is copied from a terminal.
   */
  public static boolean takesForParameter(String name) {
    return !name.isBlank() && "-@".indexOf(name.charAt(0)) < 0 && Text.safe(name).equals(name);
  }

  /** Adds words. */
  public ShellCommand add(String... more) {
    words.addAll(List.of(more));
    return this;
  }

  /** Adds words. */
  public ShellCommand add(List<String> more) {
    words.addAll(more);
    return this;
  }

  /** With quotes where a shell needs them. */
  @Override
  public String toString() {
    return String.join(" ", words.stream().map(Text::argument).toList());
  }
}
