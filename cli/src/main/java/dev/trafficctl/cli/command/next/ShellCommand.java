package dev.trafficctl.cli.command.next;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.output.Text;
import java.util.ArrayList;
import java.util.List;

/** A command that somebody can copy into a shell as it is shown. */
public final class ShellCommand {
  private final List<String> words = new ArrayList<>(List.of("trafficctl"));
  private final List<String> last = new ArrayList<>();

  /** A command of this tool. */
  public ShellCommand(String... words) {
    add(words);
  }

  /** A command about a cluster. */
  public static String on(Cluster cluster, String... words) {
    return new ShellCommand(words).add(cluster.flags()).toString();
  }

  /** The same, with this database instead of the one that flags or context say. */
  public static String at(Cluster cluster, String ofPostgres, String... words) {
    List<String> others = new ArrayList<>(cluster.flags());
    int given = others.indexOf("--postgres-url");
    if (given >= 0) {
      others.subList(given, given + 2).clear();
    }
    return new ShellCommand(words).add(others).add("--postgres-url", ofPostgres).toString();
  }

  /** Adds words. */
  public ShellCommand add(String... more) {
    return add(List.of(more));
  }

  /** Adds words. */
  public ShellCommand add(List<String> more) {
    words.addAll(more);
    return this;
  }

  /** Adds a parameter: behind the options and {@code --} if it would be taken for an option. */
  ShellCommand parameter(String parameter) {
    (parameter.startsWith("-") ? last : words).add(parameter);
    return this;
  }

  /** Adds what stands behind {@code --}, if there is any. */
  ShellCommand behindDashes(List<String> more) {
    last.addAll(more);
    return this;
  }

  /** With quotes where a shell needs them. */
  @Override
  public String toString() {
    List<String> all = new ArrayList<>(words);
    if (!last.isEmpty()) {
      all.add("--");
      all.addAll(last);
    }
    return String.join(" ", all.stream().map(Text::argument).toList());
  }
}
