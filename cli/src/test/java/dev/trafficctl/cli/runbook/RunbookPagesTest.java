package dev.trafficctl.cli.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.trafficctl.cli.runbook.Runbook.Block;
import dev.trafficctl.cli.runbook.Runbook.Piece;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every page has to be like, whatever it is about. */
class RunbookPagesTest {
  private static final List<String> HEADINGS =
      List.of("Meaning", "Impact", "Diagnosis", "Mitigation", "Verify", "Roll back");

  static List<Path> pages() throws IOException {
    return RunbookPages.all();
  }

  private static List<Block> blocks(Runbook page) {
    return page.pieces().stream().filter(Block.class::isInstance).map(Block.class::cast).toList();
  }

  private static void assertKnown(String command) {
    List<String> words = Step.words(command);
    assertThat(words.get(0)).as(command).isEqualTo("trafficctl");
    assertThatCode(() -> Commands.of(words.subList(1, words.size())))
        .as(command)
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void hasTheSixSectionsInTheirOrder(Path file) throws IOException {
    Runbook page = RunbookReader.read(file);
    assertThat(page.title()).isNotBlank();
    assertThat(page.headings()).isEqualTo(HEADINGS);
    assertThat(page.sections().get(HEADINGS.indexOf("Mitigation")).numbered()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void isReadInTwoMinutes(Path file) throws IOException {
    assertThat(RunbookReader.read(file).words()).isBetween(200L, 400L);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void hasOnlyCommandsThatThereAre(Path file) throws IOException {
    Runbook page = RunbookReader.read(file);
    for (Block block : blocks(page)) {
      assertThat(block.language()).as("line " + block.line()).isIn("console", "sql");
      if (block.language().equals("console")) {
        Step.of(block).forEach(step -> assertKnown(step.command()));
      }
    }
    page.inlineCommands().forEach(RunbookPagesTest::assertKnown);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void diagnosesAndVerifiesByCommands(Path file) throws IOException {
    Runbook page = RunbookReader.read(file);
    for (String heading : List.of("Diagnosis", "Mitigation", "Verify")) {
      List<Piece> pieces = page.sections().get(HEADINGS.indexOf(heading)).pieces();
      assertThat(pieces).as(heading).anyMatch(Block.class::isInstance);
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void hasLinksThatLeadSomewhere(Path file) throws IOException {
    assertLinks(RunbookReader.read(file));
  }

  private static void assertLinks(Runbook page) {
    for (String link : page.links()) {
      if (!URI.create(link).isAbsolute()) {
        assertThat(page.file().resolveSibling(link.replaceFirst("#.*", ""))).as(link).exists();
      }
    }
  }

  @Test
  void everyPageHasItsDrill() throws IOException {
    assertThat(Drills.all().stream().map(Drill::page))
        .containsExactlyInAnyOrderElementsOf(
            pages().stream().map(page -> page.getFileName().toString()).toList());
  }

  @Test
  void theIndexListsEveryPage() throws IOException {
    Runbook index = RunbookReader.read(RunbookPages.INDEX);
    assertThat(index.links())
        .containsAll(pages().stream().map(page -> page.getFileName().toString()).toList());
    assertLinks(index);
  }
}
