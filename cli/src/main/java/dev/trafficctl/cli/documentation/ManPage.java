package dev.trafficctl.cli.documentation;

import dev.trafficctl.cli.process.ExitCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of a command in roff's man macros, made from the command's help. */
final class ManPage {
  private final CommandSpec command;
  private final StringBuilder page = new StringBuilder();

  private ManPage(CommandSpec command) {
    this.command = command;
  }

  /** The page's name, such as {@code trafficctl-local-up}. */
  static String name(CommandSpec command) {
    return command.qualifiedName("-");
  }

  /**
   * The page's text.
   *
   * @param version the program's version, which the page's foot shows
   */
  static String of(CommandSpec command, String version) {
    return new ManPage(command).write(version);
  }

  private String write(String version) {
    page.append(".TH %s 1 \"\" \"trafficctl %s\"\n".formatted(upperCaseName(), text(version)));
    // Ragged on the right, and no word torn apart: most of the text is options and names.
    page.append(".ad l\n.nh\n");
    section("NAME");
    line(text(name(command)) + " \\- " + text(Wording.headline(command)));
    section("SYNOPSIS");
    line(text(synopsis()));
    section("DESCRIPTION");
    paragraphs(Wording.lines(command.usageMessage().description()));
    subcommands();
    parameters();
    options();
    settings();
    examples();
    exitStatus();
    seeAlso();
    return page.toString();
  }

  private String upperCaseName() {
    return text(name(command).toUpperCase(Locale.ROOT));
  }

  private String synopsis() {
    Help help = new Help(command, Help.defaultColorScheme(Help.Ansi.OFF));
    return help.abbreviatedSynopsis().strip();
  }

  private void subcommands() {
    Map<String, CommandSpec> subcommands = Wording.shownSubcommands(command);
    if (!subcommands.isEmpty()) {
      section("COMMANDS");
      subcommands.forEach((name, sub) -> tagged(bold(name), List.of(Wording.headline(sub) + ".")));
    }
  }

  private void parameters() {
    List<PositionalParamSpec> shown =
        command.positionalParameters().stream().filter(argument -> !argument.hidden()).toList();
    if (!shown.isEmpty()) {
      section("PARAMETERS");
      shown.forEach(argument -> tagged(italic(argument.paramLabel()), description(argument)));
    }
  }

  private void options() {
    section("OPTIONS");
    command.options().stream()
        .filter(option -> !option.hidden())
        .forEach(option -> tagged(names(option), description(option)));
  }

  private static String names(OptionSpec option) {
    String names =
        Arrays.stream(option.names()).map(ManPage::bold).collect(Collectors.joining(", "));
    return option.arity().max() == 0 ? names : names + " " + italic(option.paramLabel());
  }

  private static List<String> description(ArgSpec argument) {
    return List.of(argument.description());
  }

  private void settings() {
    String key = "jobSettings";
    if (command.usageMessage().sectionKeys().contains(key)) {
      Help help = new Help(command, Help.defaultColorScheme(Help.Ansi.OFF));
      section("SETTINGS OF THE JOB");
      verbatim(command.usageMessage().sectionMap().get(key).render(help).strip().lines().toList());
    }
  }

  private void examples() {
    List<String> lines =
        Wording.lines(command.usageMessage().footer()).stream()
            .flatMap(String::lines)
            .filter(line -> !line.isBlank() && !line.matches("Examples?:"))
            .toList();
    if (!lines.isEmpty()) {
      section("EXAMPLES");
      verbatim(lines.stream().map(line -> line.replaceFirst("^ {2}", "")).toList());
    }
  }

  private void exitStatus() {
    section("EXIT STATUS");
    for (ExitCode code : ExitCode.values()) {
      tagged(bold(Integer.toString(code.number())), List.of(code.meaning() + "."));
    }
  }

  private void seeAlso() {
    List<String> others =
        new ArrayList<>(
            Wording.shownSubcommands(command).values().stream().map(ManPage::name).toList());
    if (command.parent() != null) {
      others.add(0, name(command.parent()));
    }
    if (!others.isEmpty()) {
      section("SEE ALSO");
      line(others.stream().map(other -> bold(other) + "(1)").collect(Collectors.joining(",\n")));
    }
  }

  private void section(String title) {
    page.append(".SH ").append(title).append('\n');
  }

  private void line(String roff) {
    page.append(roff).append('\n');
  }

  private void tagged(String tag, List<String> description) {
    page.append(".TP\n").append(tag).append('\n');
    description.forEach(paragraph -> line(text(paragraph)));
  }

  private void paragraphs(List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      if (i > 0) {
        line(".PP");
      }
      line(text(texts.get(i)));
    }
  }

  private void verbatim(List<String> lines) {
    line(".nf");
    lines.forEach(text -> line(text(text)));
    line(".fi");
  }

  private static String bold(String text) {
    return "\\fB" + text(text) + "\\fR";
  }

  private static String italic(String text) {
    return "\\fI" + text(text) + "\\fR";
  }

  /**
   * Text that roff shows as it is: a backslash would begin an escape, a hyphen become a dash, a
   * quote a typographic one, and a full stop or a quote that begins a line be a request.
   */
  static String text(String plain) {
    return plain
        .replace("\\", "\\e")
        .replace("-", "\\-")
        .replace("'", "\\(aq")
        .replace("`", "\\(ga")
        .replace("^", "\\(ha")
        .replace("~", "\\(ti")
        .replaceAll("(?m)^[.]", "\\\\&.");
  }
}
