package dev.trafficctl.cli.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every page is found from the front door, is short, and leads to what there is. */
class LinksTest {
  static List<Path> pages() throws IOException {
    return Pages.all();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void leadSomewhere(Path file) throws IOException {
    Page page = Page.read(file);
    for (String link : page.links()) {
      URI target = URI.create(link);
      if (!target.isAbsolute()) {
        Path path =
            target.getPath().isEmpty() ? file : file.resolveSibling(target.getPath()).normalize();
        assertThat(path).as(link).exists().startsWith(Pages.ROOT);
        if (target.getFragment() != null) {
          assertThat(Page.read(path).anchors()).as(link).contains(target.getFragment());
        }
      }
    }
  }

  @Test
  void theFrontDoorIsShortAndLeadsToEveryPage() throws IOException {
    Page frontDoor = Pages.page("README.md");
    assertThat(frontDoor.lines()).hasSizeLessThanOrEqualTo(200);
    try (Stream<Path> docs = Files.list(Pages.ROOT.resolve("docs"))) {
      assertThat(frontDoor.links())
          .containsAll(docs.map(page -> "docs/" + page.getFileName()).toList())
          .contains("runbooks/README.md", "CONTRIBUTING.md", "CHANGELOG.md");
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void aPageIsNoBook(Path file) throws IOException {
    assertThat(Page.read(file).lines()).hasSizeLessThanOrEqualTo(300);
  }
}
