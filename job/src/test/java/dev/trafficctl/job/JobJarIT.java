package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.model.BuildVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.frgaal.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  /** The compiler of the JDK at hand, which only checks the sources, would write other classes. */
  @Test
  void itsClassesAreThoseOfTheCompilerThatIsTheSameOnEveryJdk(@TempDir Path directory)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--release", "17", "-g", "-parameters"));
    arguments.addAll(List.of("-XDstringConcat=inline", "-proc:none", "-encoding", "UTF-8"));
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path"), "-d", "" + directory));
    for (String module : List.of("job", "kafka", "model")) {
      arguments.addAll(filesBelow(Path.of("..", module, "src", "main", "java"), ".java"));
    }
    StringWriter said = new StringWriter();
    assertThat(Main.compile(arguments.toArray(String[]::new), new PrintWriter(said)))
        .as(() -> said.toString())
        .isZero();

    Map<String, Long> compiled = new TreeMap<>();
    for (String file : filesBelow(directory, ".class")) {
      CRC32 crc = new CRC32();
      crc.update(Files.readAllBytes(Path.of(file)));
      compiled.put(directory.relativize(Path.of(file)).toString(), crc.getValue());
    }
    Map<String, Long> shipped = new TreeMap<>();
    for (JarEntry entry : entries(JAR)) {
      if (entry.getName().matches("dev/trafficctl/[\\w/$]+\\.class")) {
        shipped.put(entry.getName(), entry.getCrc());
      }
    }
    assertThat(shipped).containsOnlyKeys(compiled.keySet());
    shipped.entrySet().removeAll(compiled.entrySet());
    assertThat(shipped.keySet()).as("classes of another compiler").isEmpty();
  }

  private static List<String> filesBelow(Path directory, String end) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.map(Path::toString).filter(path -> path.endsWith(end)).toList();
    }
  }

  /** Else the jar of a second build would be made of that of the first, in another order. */
  @Test
  void isMadeOfAJarThatHasOnlyTheClassesOfThisModuleAndTheLicences() throws IOException {
    Path input = JAR.resolveSibling("job-" + BuildVersion.current() + ".jar");
    assertThat(entries(input))
        .extracting(JarEntry::getName)
        .contains("dev/trafficctl/job/TrafficJob.class")
        .allMatch(
            name ->
                "dev/trafficctl/job/".startsWith(name)
                    || name.startsWith("dev/trafficctl/job/")
                    || name.startsWith("META-INF/licenses/")
                    || List.of("META-INF/", "META-INF/MANIFEST.MF").contains(name));
  }
}
