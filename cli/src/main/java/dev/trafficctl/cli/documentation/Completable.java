package dev.trafficctl.cli.documentation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A command as a shell completes it.
 *
 * @param path its words behind the program's name, such as {@code local up}; empty for the program
 * @param subcommands the commands below it
 * @param options its options, those that are inherited as well
 * @param parameter what its parameters can be
 */
record Completable(
    String path, List<Subcommand> subcommands, List<Option> options, Values parameter) {

  /** A command below another. */
  record Subcommand(String name, String description) {}

  /** An option with all of its names, and its possible values. */
  record Option(List<String> names, String description, Values values) {}

  /** A program with all that is below it, in the order of its help; without what is hidden. */
  static List<Completable> all(CommandLine program) {
    List<Completable> all = new ArrayList<>();
    collect(program, "", all);
    return all;
  }

  private static void collect(CommandLine commandLine, String path, List<Completable> all) {
    CommandSpec command = commandLine.getCommandSpec();
    List<Subcommand> subcommands = new ArrayList<>();
    Wording.shownSubcommands(command)
        .forEach((name, sub) -> subcommands.add(new Subcommand(name, Wording.headline(sub))));
    List<Option> options =
        command.options().stream()
            .filter(option -> !option.hidden())
            .map(
                option ->
                    new Option(
                        Arrays.asList(option.names()),
                        Wording.firstSentence(option.description()),
                        Values.of(option)))
            .toList();
    Values parameter =
        command.positionalParameters().stream()
            .filter(positional -> !positional.hidden())
            .findFirst()
            .map(Values::of)
            .orElse(Values.NONE);
    all.add(new Completable(path, subcommands, options, parameter));
    for (Subcommand sub : subcommands) {
      collect(
          commandLine.getSubcommands().get(sub.name()),
          path.isEmpty() ? sub.name() : path + " " + sub.name(),
          all);
    }
  }
}
