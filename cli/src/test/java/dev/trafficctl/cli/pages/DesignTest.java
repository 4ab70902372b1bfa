package dev.trafficctl.cli.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The map of the house shows what there is; {@link LinksTest} follows its links. */
class DesignTest {
  private static final Path CLI = Pages.ROOT.resolve("cli/src/main/java/dev/trafficctl/cli");
  private static final Pattern MODULE = Pattern.compile("<module>(.+)</module>");
  private static final Pattern FILE = Pattern.compile("(?!.*target/)[\\w.-]+(/[\\w.-]+)+");

  @Test
  void everyModuleIsOnIt() throws IOException {
    List<String> code = Pages.page("docs/design.md").code();
    assertThat(code)
        .containsAll(
            MODULE
                .matcher(Files.readString(Pages.ROOT.resolve("pom.xml")))
                .results()
                .map(module -> module.group(1) + "/")
                .toList());
  }

  @Test
  void everyPackageOfTheCommandLineIsOnIt() throws IOException {
    try (Stream<Path> packages = Files.list(CLI)) {
      assertThat(Pages.page("docs/design.md").code())
          .containsAll(
              packages.filter(Files::isDirectory).map(each -> "" + each.getFileName()).toList());
    }
  }

  /** A link that is called after a class leads to that class. */
  @Test
  void linksAreCalledAfterTheirFiles() throws IOException {
    Page page = Pages.page("docs/design.md");
    List<String> classes = new ArrayList<>();
    for (String link : page.links()) {
      if (link.endsWith(".java")) {
        classes.add(Path.of(link).getFileName().toString().replace(".java", ""));
      }
    }
    assertThat(classes).hasSizeGreaterThan(50);
    assertThat(page.code()).containsAll(classes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docs/design.md", "CONTRIBUTING.md"})
  void everyFileThatIsNamedIsThere(String path) throws IOException {
    for (String code : Pages.page(path).code()) {
      if (FILE.matcher(code).matches()) {
        boolean inPackages = Files.exists(CLI.resolve(code));
        assertThat(inPackages || Files.exists(Pages.ROOT.resolve(code))).as(code).isTrue();
      }
    }
  }
}
