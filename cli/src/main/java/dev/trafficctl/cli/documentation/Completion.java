package dev.trafficctl.cli.documentation;

import dev.trafficctl.cli.documentation.Completable.Option;
import dev.trafficctl.cli.documentation.Completable.Subcommand;
import dev.trafficctl.cli.documentation.Values.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** The scripts with which shells complete the program's commands, options, values and names. */
public final class Completion {
  private Completion() {}

  /** The script for one shell. */
  public static String script(CommandLine program, Shell shell) {
    List<Completable> commands = Completable.all(program);
    return switch (shell) {
      case BASH -> template(shell).replace("@COMMANDS@", tables(commands, false));
      case ZSH -> template(shell).replace("@COMMANDS@", tables(commands, true));
      case FISH ->
          template(shell)
              .replace("@PATHS@", fishWords(commands.stream().map(Completable::path).toList()))
              .replace("@VALUED@", fishWords(valued(commands)))
              .replace("@COMMANDS@", fishLines(commands));
    };
  }

  private static String template(Shell shell) {
    String name = "completion." + shell.text();
    try (InputStream in = Completion.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What bash and zsh look up: the words below each command, and the values of each option. */
  private static String tables(List<Completable> commands, boolean described) {
    StringBuilder text = new StringBuilder("_trafficctl_command() {\n  case $1 in\n");
    for (Completable command : commands) {
      text.append("    ").append(quoted(command.path())).append(")\n");
      text.append("      subcommands=(");
      for (Subcommand sub : command.subcommands()) {
        text.append(quoted(entry(sub.name(), sub.description(), described))).append(' ');
      }
      text.append(")\n      options=(");
      for (Option option : command.options()) {
        for (String name : option.names()) {
          text.append(quoted(entry(name, option.description(), described))).append(' ');
        }
      }
      text.append(")\n      parameter=").append(quoted(wanted(command.parameter())));
      text.append("\n      ;;\n");
    }
    text.append("    *) return 1 ;;\n  esac\n}\n\n");
    text.append("_trafficctl_value() {\n  case \"$1 $2\" in\n");
    for (Completable command : commands) {
      for (Option option : command.options()) {
        if (option.values().kind() != Kind.NONE) {
          text.append("    ")
              .append(
                  option.names().stream()
                      .map(name -> quoted(command.path() + " " + name))
                      .collect(Collectors.joining(" | ")))
              .append(") wanted=")
              .append(quoted(wanted(option.values())))
              .append(" ;;\n");
        }
      }
    }
    return text.append("  esac\n}\n").toString().replace(" )\n", ")\n");
  }

  private static String entry(String name, String description, boolean described) {
    return described ? name.replace(":", "\\:") + ":" + description : name;
  }

  private static String wanted(Values values) {
    return values.kind() == Kind.WORDS
        ? String.join(" ", values.words())
        : "@" + values.kind().text();
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private static List<String> valued(List<Completable> commands) {
    return commands.stream()
        .flatMap(command -> command.options().stream())
        .filter(option -> option.values().kind() != Kind.NONE)
        .flatMap(option -> option.names().stream())
        .distinct()
        .sorted()
        .toList();
  }

  private static String fishLines(List<Completable> commands) {
    List<String> lines = new ArrayList<>();
    for (Completable command : commands) {
      String here =
          "complete -c trafficctl -n " + fish("__trafficctl_is " + fish(command.path())) + " ";
      for (Subcommand sub : command.subcommands()) {
        lines.add(here + "-a " + fish(sub.name()) + " -d " + fish(sub.description()));
      }
      String parameter = fishValues(command.parameter());
      if (!parameter.isEmpty()) {
        lines.add(here + parameter);
      }
      for (Option option : command.options()) {
        StringBuilder line = new StringBuilder(here);
        for (String name : option.names()) {
          line.append(name.startsWith("--") ? "-l " : "-s ")
              .append(name.replaceFirst("^--?", ""))
              .append(' ');
        }
        if (option.values().kind() != Kind.NONE) {
          boolean file = option.values().kind() == Kind.FILES;
          line.append(file ? "-r " : "-x ").append(fishValues(option.values())).append(' ');
        }
        lines.add(line.append("-d ").append(fish(option.description())).toString());
      }
    }
    return String.join("\n", lines).replace("  ", " ");
  }

  private static String fishValues(Values values) {
    return switch (values.kind()) {
      case NONE, ANY -> "";
      case WORDS -> "-a " + fish(String.join(" ", values.words()));
      case FILES -> "-F";
      case DIRECTORIES -> "-a '(__fish_complete_directories)'";
      default -> "-a " + fish("(__trafficctl_ask " + values.kind().text() + ")");
    };
  }

  private static String fishWords(List<String> words) {
    return words.stream().map(Completion::fish).collect(Collectors.joining(" "));
  }

  private static String fish(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
