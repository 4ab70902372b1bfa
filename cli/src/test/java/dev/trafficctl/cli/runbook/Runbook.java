package dev.trafficctl.cli.runbook;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A page of {@code runbooks/}.
 *
 * @param file where it lies
 * @param title its heading of the first level, or null
 * @param sections what follows each heading of the second level
 * @param links where its links lead, as they are written
 * @param inlineCommands commands within its sentences, such as {@code trafficctl jobs}
 */
record Runbook(
    Path file,
    String title,
    List<Section> sections,
    List<String> links,
    List<String> inlineCommands) {

  /**
   * A heading and what follows it.
   *
   * @param heading the heading's text
   * @param pieces in the order of the page
   * @param numbered whether there is a numbered list in it
   */
  record Section(String heading, List<Piece> pieces, boolean numbered) {}

  /** A part of a page; its line counts from 1. */
  sealed interface Piece permits Prose, Block {
    int line();
  }

  /** A paragraph, or the text of an item of a list. */
  record Prose(int line, String text) implements Piece {
    long words() {
      return Stream.of(text.split("\\s+"))
          .filter(word -> word.codePoints().anyMatch(Character::isLetterOrDigit))
          .count();
    }
  }

  /** A fenced block; its first line stands one below the fence. */
  record Block(int line, String language, String text) implements Piece {}

  List<String> headings() {
    return sections.stream().map(Section::heading).toList();
  }

  List<Piece> pieces() {
    return sections.stream().flatMap(section -> section.pieces().stream()).toList();
  }

  /** How many words it has outside of its blocks and headings. */
  long words() {
    return pieces().stream()
        .mapToLong(piece -> piece instanceof Prose prose ? prose.words() : 0)
        .sum();
  }
}
