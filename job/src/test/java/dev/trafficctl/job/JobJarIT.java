package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.model.BuildVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/**
 * The jar that goes to Flink, by whose checksum a restart knows it: nothing of a build is in it.
 */
class JobJarIT {
  private static final Path JAR = Path.of(System.getProperty("job.jar"));

  private static List<JarEntry> entries(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream().toList();
    }
  }

  @Test
  void theManifestTellsNothingOfTheMachineThatBuiltIt() throws IOException {
    try (JarFile file = new JarFile(JAR.toFile())) {
      assertThat(file.getManifest().getMainAttributes().entrySet())
          .extracting(attribute -> attribute.getKey() + ": " + attribute.getValue())
          .containsExactlyInAnyOrder(
              "Manifest-Version: 1.0", "Main-Class: dev.trafficctl.job.TrafficJob");
    }
  }

  @Test
  void everyEntryIsThereOnceAndThoseOfThisProjectTellNoTimeOfABuild() throws IOException {
    List<JarEntry> entries = entries(JAR);
    assertThat(entries).extracting(JarEntry::getName).doesNotHaveDuplicates();
    assertThat(entries)
        .filteredOn(entry -> entry.getName().startsWith("dev/trafficctl/"))
        .extracting(JarEntry::getTimeLocal)
        .containsOnly(LocalDateTime.of(2026, 11, 1, 0, 0));
  }

  /** Else the jar of a second build would be made of that of the first, in another order. */
  @Test
  void isMadeOfAJarThatHasOnlyTheClassesOfThisModule() throws IOException {
    Path input = JAR.resolveSibling("job-" + BuildVersion.current() + ".jar");
    assertThat(entries(input))
        .extracting(JarEntry::getName)
        .contains("dev/trafficctl/job/TrafficJob.class")
        .allMatch(
            name ->
                "dev/trafficctl/job/".startsWith(name)
                    || name.startsWith("dev/trafficctl/job/")
                    || List.of("META-INF/", "META-INF/MANIFEST.MF").contains(name));
  }
}
