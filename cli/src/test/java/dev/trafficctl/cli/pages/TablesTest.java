package dev.trafficctl.cli.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.cli.TrafficCtl;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.Secret;
import dev.trafficctl.model.Setting;
import dev.trafficctl.model.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The tables say what the code says. */
class TablesTest {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  @ParameterizedTest
  @CsvSource({"README.md", "docs/exit-codes-and-json.md"})
  void exitCodes(String path) throws IOException {
    Page page = Pages.page(path);
    Page.Table table =
        page.tables().stream()
            .filter(one -> one.header().subList(0, 2).equals(List.of("exit", "meaning")))
            .findFirst()
            .orElseThrow();
    assertThat(table.rows().stream().map(row -> row.get(0) + " " + row.get(1)))
        .containsExactlyElementsOf(
            Arrays.stream(ExitCode.values())
                .map(code -> code.number() + " " + code.meaning())
                .toList());
  }

  @Test
  void settings() throws IOException {
    Page.Table table =
        Pages.page("docs/settings.md").table("argument", "environment", "default", "meaning");
    assertThat(table.rows().stream().map(row -> row.stream().map(Page::shown).toList()))
        .containsExactlyElementsOf(
            Arrays.stream(Setting.values())
                .map(
                    setting ->
                        List.of(
                            "--" + setting.argument(),
                            setting.variable().orElse(""),
                            setting.defaultValue().orElse(withoutDefault(setting)),
                            setting.help()))
                .toList());
  }

  private static String withoutDefault(Setting setting) {
    return setting == Setting.FILTER ? "built-in rules" : "required";
  }

  @Test
  void secrets() throws IOException {
    Page.Table table = Pages.page("docs/settings.md").table("variable", "or", "meaning");
    assertThat(table.rows().stream().map(row -> row.stream().map(Page::shown).toList()))
        .containsExactlyElementsOf(
            Arrays.stream(Secret.values())
                .map(secret -> List.of(secret.name(), secret.fileVariable(), secret.help()))
                .toList());
  }

  @Test
  void propertiesOfTheKafkaClients() throws IOException {
    List<String> code = Pages.page("docs/settings.md").code();
    int begin = code.indexOf("--kafka.NAME value") + 1;
    int end = begin + Settings.KAFKA_PROPERTIES.size();
    assertThat(code.subList(begin, Math.min(end, code.size())))
        .containsExactlyElementsOf(new TreeSet<>(Settings.KAFKA_PROPERTIES));
  }

  /** Each command that prints a document has a row with the fields of it. */
  @Test
  void documents() throws IOException {
    List<String> documented = new ArrayList<>();
    for (List<String> row :
        Pages.page("docs/exit-codes-and-json.md").table("command", "fields").rows()) {
      Matcher code = CODE.matcher(row.get(0));
      while (code.find()) {
        documented.add(code.group(1));
      }
    }
    assertThat(documented)
        .containsAll(
            printingDocuments(TrafficCtl.commandLine(TestConsole.frozen().environment())).toList());
  }

  private static Stream<String> printingDocuments(CommandLine command) {
    boolean prints = command.getCommandSpec().findOption("-o") != null;
    String name = command.getCommandSpec().qualifiedName(" ").replaceFirst("^trafficctl ?", "");
    return Stream.concat(
        prints ? Stream.of(name) : Stream.empty(),
        command.getSubcommands().values().stream().flatMap(TablesTest::printingDocuments));
  }
}
