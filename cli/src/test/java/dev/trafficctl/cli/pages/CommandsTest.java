package dev.trafficctl.cli.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.TrafficCtl;
import dev.trafficctl.model.Setting;
import dev.trafficctl.model.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;

/** Every command and every option that a page names is one that the program takes. */
class CommandsTest {
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
  private static final Pattern PROGRAM =
      Pattern.compile("(?:\\$ |source <\\()?(?:\\./|/opt/trafficctl-\\*/bin/)?trafficctl (.*)");

  /** What stands on a page for something that the reader has. */
  private static final Map<String, String> PLACEHOLDERS =
      Map.of(
          "PATH", "/srv/savepoint-1",
          "ID", "stop-20260131-120000-1a2b",
          "TIME", "1m",
          "N", "1",
          "N=FROM..TO", "0=1..2",
          "FILE", "file",
          "DIR", "directory",
          "URL", "http://127.0.0.1:8081");

  /** What stands on the pages for any setting. */
  private static final Set<String> ANY = Set.of("--name");

  private static CommandLine program;

  /** All of the command line, which takes long to make. */
  @BeforeAll
  static void makeProgram() {
    program = TrafficCtl.commandLine(TestConsole.frozen().environment());
  }

  static List<Path> pages() throws IOException {
    return Pages.all();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void inBlocksAreTaken(Path file) throws IOException {
    for (Page.Block block : Page.read(file).blocks()) {
      for (String line : block.text().replaceAll("\\\\\n *", "").split("\n", -1)) {
        for (String part : line.split(" \\| ", -1)) {
          // Behind it stands what a reader is told, or what the program has printed.
          Matcher command =
              PROGRAM.matcher(part.strip().replaceFirst("  +\\S.*", "").replaceFirst("\\)$", ""));
          if (command.matches()) {
            assertTaken(command.group(1), false);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void inSentencesAreTaken(Path file) throws IOException {
    for (String code : Page.read(file).code()) {
      for (String part : code.split(" \\| ", -1)) {
        Matcher command = PROGRAM.matcher(part);
        if (command.matches()) {
          assertTaken(command.group(1), true);
        } else if (part.contains(" ") && program.getSubcommands().containsKey(words(part).get(0))) {
          assertTaken(part, true);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void optionsAreThere(Path file) throws IOException {
    Set<String> known = new TreeSet<>(ANY);
    collectOptions(program, known);
    Arrays.stream(Setting.values()).forEach(setting -> known.add("--" + setting.argument()));
    for (String code : Page.read(file).code()) {
      String name = code.replaceFirst("[ =].*", "");
      if (name.matches("--.+") && !name.startsWith("--" + Setting.KAFKA_PREFIX)) {
        assertThat(known).contains(name);
      }
    }
  }

  @Test
  void everyCommandIsOnAPage() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path file : pages()) {
      Page page = Page.read(file);
      page.code().forEach(code -> all.append("trafficctl ").append(code).append(" \n"));
      page.blocks().forEach(block -> all.append(block.text().replace("\n", " \n")));
    }
    List<String> names = new ArrayList<>();
    collectNames(program, names);
    assertThat(names).allSatisfy(name -> assertThat(all).contains(name + " "));
  }

  private static void collectNames(CommandLine command, List<String> names) {
    if (!command.getCommandSpec().usageMessage().hidden()) {
      names.add(command.getCommandSpec().qualifiedName(" "));
      command.getSubcommands().values().forEach(child -> collectNames(child, names));
    }
  }

  /** The two commands that a fresh machine needs, and no more. */
  @Test
  void theFrontDoorBeginsWithTheTwo() throws IOException {
    assertThat(
            Pages.page("README.md").blocks().stream()
                .map(block -> block.text().strip())
                .filter(text -> !text.contains("\n")))
        .containsExactly("./trafficctl demo", "mvn -B verify");
    assertThat(Files.readAllLines(Pages.ROOT.resolve(".ci/run"))).contains("exec mvn -B verify");
  }

  private static void collectOptions(CommandLine command, Set<String> names) {
    command
        .getCommandSpec()
        .options()
        .forEach(option -> names.addAll(Arrays.asList(option.names())));
    command.getSubcommands().values().forEach(child -> collectOptions(child, names));
  }

  private static void assertTaken(String command, boolean mayLackArguments) {
    List<String> words = words(command);
    int dashes = words.indexOf("--");
    boolean cut = words.contains("...");
    List<String> settings =
        dashes < 0 ? List.of() : new ArrayList<>(words.subList(dashes + 1, words.size()));
    words.removeIf("..."::equals);
    assertThatCode(() -> parse(words, mayLackArguments || cut))
        .as(command)
        .doesNotThrowAnyException();
    if (!cut) {
      assertThatCode(() -> Settings.checkGiven(settings)).as(command).doesNotThrowAnyException();
    }
    assertThat(settings)
        .as(command)
        .allMatch(word -> !word.startsWith("--") || Setting.of(word.substring(2)).isPresent());
  }

  private static void parse(List<String> words, boolean mayLackArguments) {
    try {
      program.parseArgs(words.toArray(String[]::new));
    } catch (MissingParameterException e) {
      if (!mayLackArguments) {
        throw e;
      }
    }
  }

  private static List<String> words(String command) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(command);
    while (matcher.find()) {
      for (int group = 1; group <= 3; group++) {
        if (matcher.group(group) != null) {
          words.add(PLACEHOLDERS.getOrDefault(matcher.group(group), matcher.group(group)));
        }
      }
    }
    return words;
  }
}
