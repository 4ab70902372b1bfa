package dev.trafficctl.cli.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** Reads which operators the job in a jar has; the jar itself lists their uids. */
public final class JarOperators {
  /** A uid on each line. A test of the job compares it with the job's own graph. */
  private static final String RESOURCE = "dev/trafficctl/job/operators.txt";

  private JarOperators() {}

  /** The uids, or nothing if the jar does not tell or cannot be read. */
  public static Optional<SortedSet<String>> of(Path jar) {
    try (JarFile file = new JarFile(jar.toFile())) {
      JarEntry entry = file.getJarEntry(RESOURCE);
      if (entry == null) {
        return Optional.empty();
      }
      SortedSet<String> uids = new TreeSet<>();
      try (InputStream in = file.getInputStream(entry)) {
        new String(in.readAllBytes(), UTF_8)
            .lines()
            .filter(line -> !line.isBlank())
            .forEach(uids::add);
      }
      return Optional.of(uids);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
