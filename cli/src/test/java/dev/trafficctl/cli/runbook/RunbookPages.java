package dev.trafficctl.cli.runbook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of {@code runbooks/}. */
final class RunbookPages {
  static final Path DIRECTORY = Path.of("..", "runbooks").toAbsolutePath().normalize();
  static final Path INDEX = DIRECTORY.resolve("README.md");

  private RunbookPages() {}

  /** Every page, in the order of their names; the index is none. */
  static List<Path> all() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files
          .filter(file -> file.toString().endsWith(".md") && !file.equals(INDEX))
          .sorted()
          .toList();
    }
  }
}
