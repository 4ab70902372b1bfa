package dev.trafficctl.cli.documentation;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** The texts of a command's help, freed from the marks of their format. */
final class Wording {
  private Wording() {}

  /** What a command does, in the first sentence of its description; without the full stop. */
  static String headline(CommandSpec command) {
    return firstSentence(lines(command.usageMessage().description()).toArray(new String[0]));
  }

  /** The first sentence of an argument's description, without the full stop. */
  static String firstSentence(String... description) {
    if (description.length == 0) {
      return "";
    }
    String text = description[0].replace('\n', ' ');
    int end = text.indexOf(". ");
    return (end < 0 ? text : text.substring(0, end)).replaceFirst("[.]$", "");
  }

  /** The texts of a command, which are formats; those of its arguments are none any more. */
  static List<String> lines(String[] texts) {
    return Arrays.stream(texts).map(text -> String.format(text)).toList();
  }

  /** The commands below a command by name, without the hidden ones. */
  static Map<String, CommandSpec> shownSubcommands(CommandSpec command) {
    Map<String, CommandSpec> shown = new LinkedHashMap<>();
    command
        .subcommands()
        .forEach(
            (name, sub) -> {
              CommandSpec spec = sub.getCommandSpec();
              if (!spec.usageMessage().hidden()) {
                shown.put(name, spec);
              }
            });
    return shown;
  }
}
