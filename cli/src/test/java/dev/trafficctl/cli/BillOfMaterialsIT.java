package dev.trafficctl.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trafficctl.model.BuildVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the build says that it is made of, and under which licences, beside what the distribution
 * and the jars hold.
 */
class BillOfMaterialsIT {
  private static final Path ROOT = Path.of("..");
  private static final Path LOCAL_KAFKA = ROOT.resolve("local/kafka/target");
  private static final Path LOCAL_FLINK = ROOT.resolve("local/flink/target");
  private static final String OWN = "dev.trafficctl";

  /** The local stack's database, which comes with a checkout only. */
  private static final String NOT_DISTRIBUTED = "io.zonky.test.postgres";

  /** No artifact of Maven's: a list inside the model's jar. */
  private static final String LIST = "crawler-user-agents";

  /** The first versions that have the known fixes. */
  private static final Map<String, Version> FIXED =
      Map.of(
          "org.xerial.snappy:snappy-java", Version.parse("1.1.10.9"),
          "at.yawk.lz4:lz4-java", Version.parse("1.11.1"),
          "org.apache.logging.log4j:log4j-api", Version.parse("2.25.4"),
          "org.apache.logging.log4j:log4j-core", Version.parse("2.25.4"),
          "org.apache.logging.log4j:log4j-slf4j-impl", Version.parse("2.25.4"));

  /** Never mended: {@code at.yawk.lz4} is where it is kept. */
  private static final Set<String> ABANDONED =
      Set.of("org.lz4:lz4-java", "org.lz4:lz4-pure-java", "net.jpountz.lz4:lz4", "log4j:log4j");

  private static final Pattern POM_PROPERTIES =
      Pattern.compile("META-INF/maven/[^/]+/[^/]+/pom\\.properties");
  private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dylib|jnilib|dll)");

  @TempDir static Path directory;
  private static Path home;
  private static Path jobJar;
  private static List<Component> commandLine;
  private static List<Component> job;

  private record Component(String group, String name, String version, Set<String> licences) {
    static Component of(JsonNode node) {
      Set<String> licences = new TreeSet<>();
      for (JsonNode licence : node.path("licenses")) {
        JsonNode stated = licence.path("license");
        licences.add(stated.path("id").asText(stated.path("name").asText()));
      }
      return new Component(
          node.path("group").asText(),
          node.path("name").asText(),
          node.path("version").asText(),
          licences);
    }

    String artifact() {
      return group + ":" + name;
    }

    String jar() {
      return name + "-" + version + ".jar";
    }
  }

  @BeforeAll
  static void unpack() throws Exception {
    Path archive = Path.of("target", "trafficctl-" + BuildVersion.current() + ".tar.gz");
    Process tar =
        new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", directory.toString())
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
    home = directory.resolve("trafficctl-" + BuildVersion.current());
    jobJar = home.resolve("job/traffic-job-" + BuildVersion.current() + ".jar");
    commandLine = components(home.resolve("bom.json"));
    job = components(home.resolve("job/bom.json"));
  }

  private static List<Component> components(Path bom) throws IOException {
    List<Component> components = new ArrayList<>();
    for (JsonNode node : new ObjectMapper().readTree(bom.toFile()).path("components")) {
      components.add(Component.of(node));
    }
    assertThat(components).as(bom.toString()).isNotEmpty();
    return components;
  }

  private static Stream<Component> distributed(List<Component> components) {
    return components.stream().filter(component -> !component.group().equals(NOT_DISTRIBUTED));
  }

  private static Stream<Component> foreign(List<Component> components) {
    return distributed(components).filter(component -> !component.group().equals(OWN));
  }

  private static Set<String> names(Path place) throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  /** The contents of the entries of a jar, and of the jars in it, that have such a name. */
  private static Map<String, byte[]> entries(Path jar, Pattern name) throws IOException {
    Map<String, byte[]> found = new TreeMap<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : file.stream().toList()) {
        if (name.matcher(entry.getName()).matches()) {
          found.put(entry.getName(), file.getInputStream(entry).readAllBytes());
        } else if (entry.getName().endsWith(".jar")) {
          Path inner = Files.createTempFile(directory, "inner", ".jar");
          Files.write(inner, file.getInputStream(entry).readAllBytes());
          entries(inner, name)
              .forEach((path, content) -> found.put(entry.getName() + "!" + path, content));
        }
      }
    }
    return found;
  }

  private static List<Component> shaded(Path jar) throws IOException {
    List<Component> components = new ArrayList<>();
    for (byte[] content : entries(jar, POM_PROPERTIES).values()) {
      Properties pom = new Properties();
      pom.load(new ByteArrayInputStream(content));
      components.add(
          new Component(
              pom.getProperty("groupId"),
              pom.getProperty("artifactId"),
              pom.getProperty("version"),
              Set.of()));
    }
    return components;
  }

  @Test
  void theDistributionHasTheJarsThatItsBillLists() throws IOException {
    Set<String> listed = distributed(commandLine).map(Component::jar).collect(Collectors.toSet());
    listed.add("trafficctl.jar");
    assertThat(names(home.resolve("lib"))).isEqualTo(listed);
  }

  /** A second version of a jar would be on the same class path. */
  @Test
  void theLocalStackHasTheJarsThatItsBillsList() throws IOException {
    for (Path target : List.of(LOCAL_KAFKA, LOCAL_FLINK)) {
      assertThat(names(target.resolve("lib")))
          .isEqualTo(
              components(target.resolve("bom.json")).stream()
                  .map(Component::jar)
                  .collect(Collectors.toSet()));
    }
  }

  /** Those that Maven built tell their names. */
  @Test
  void theJarOfTheJobHasWhatItsBillLists() throws IOException {
    assertThat(shaded(jobJar))
        .isNotEmpty()
        .extracting(component -> component.artifact() + ":" + component.version())
        .isSubsetOf(job.stream().map(c -> c.artifact() + ":" + c.version()).toList());
    assertThat(entries(jobJar, Pattern.compile("org/(slf4j|apache/flink/core)/.*"))).isEmpty();
    assertThat(job).extracting(Component::group).doesNotContain("org.slf4j", NOT_DISTRIBUTED);
  }

  @Test
  void nothingIsOlderThanItsKnownFix() throws IOException {
    List<Component> all = new ArrayList<>(commandLine);
    all.addAll(job);
    all.addAll(shaded(jobJar));
    for (Path target : List.of(LOCAL_KAFKA, LOCAL_FLINK)) {
      all.addAll(components(target.resolve("bom.json")));
    }
    for (Path lib : List.of(home, LOCAL_KAFKA, LOCAL_FLINK)) {
      for (String jar : names(lib.resolve("lib"))) {
        all.addAll(shaded(lib.resolve("lib").resolve(jar)));
      }
    }
    assertThat(all).extracting(Component::artifact).containsAll(FIXED.keySet());
    assertThat(all)
        .noneMatch(component -> ABANDONED.contains(component.artifact()))
        .filteredOn(component -> FIXED.containsKey(component.artifact()))
        .allMatch(
            component ->
                Version.parse(component.version()).compareTo(FIXED.get(component.artifact())) >= 0);
  }

  /**
   * Apache-2.0 needs no second copy, but what is compiled into a library may be under another one.
   */
  private static List<String> withoutText(List<Component> components, Set<String> texts)
      throws IOException {
    List<String> missing = new ArrayList<>();
    for (Component component : foreign(components).toList()) {
      Path jar = home.resolve("lib").resolve(component.jar());
      boolean apache =
          component.licences().equals(Set.of("Apache-2.0"))
              && Files.exists(jar)
              && entries(jar, NATIVE).isEmpty();
      Pattern own = Pattern.compile(Pattern.quote(component.name()) + "/[^/]*LICENSE[^/]*");
      if (!apache && texts.stream().noneMatch(own.asMatchPredicate())) {
        missing.add(component.artifact() + " " + component.licences());
      }
    }
    return missing;
  }

  @Test
  void theDistributionHasATextForEachLicence() throws IOException {
    Path licenses = home.resolve("licenses");
    Set<String> texts = new TreeSet<>();
    try (Stream<Path> files = Files.walk(licenses)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(file).isNotEmptyFile();
        texts.add(licenses.relativize(file).toString());
      }
    }
    assertThat(withoutText(commandLine, texts)).isEmpty();

    Set<String> known =
        Stream.of(commandLine, job)
            .flatMap(BillOfMaterialsIT::foreign)
            .map(Component::name)
            .collect(Collectors.toSet());
    known.add(LIST);
    assertThat(known).containsAll(names(licenses));
    assertThat(texts).contains(LIST + "/LICENSE");
    assertThat(home.resolve("LICENSE")).hasSameTextualContentAs(ROOT.resolve("LICENSE"));
    assertThat(home.resolve("NOTICE")).hasSameTextualContentAs(ROOT.resolve("NOTICE"));
  }

  @Test
  void theJarOfTheJobHasATextForEachLicence() throws IOException {
    Set<String> texts = new TreeSet<>();
    for (Map.Entry<String, byte[]> text :
        entries(jobJar, Pattern.compile("META-INF/licenses/.*[^/]")).entrySet()) {
      assertThat(text.getValue()).as(text.getKey()).isNotEmpty();
      texts.add(text.getKey().substring("META-INF/licenses/".length()));
    }
    assertThat(withoutText(job, texts)).isEmpty();
    assertThat(texts)
        .contains(
            "postgresql/LICENSE",
            "zstd-jni/LICENSE",
            "zstd-jni/LICENSE.zstd",
            "kafka-clients/NOTICE",
            LIST + "/LICENSE");
    Set<String> known = foreign(job).map(Component::name).collect(Collectors.toSet());
    known.add(LIST);
    assertThat(texts).allMatch(text -> known.contains(text.substring(0, text.indexOf('/'))));
    assertThat(
            entries(jobJar, Pattern.compile("(META-INF/)?LICENSE.*")).values().stream()
                .map(text -> new String(text, UTF_8)))
        .containsExactly(Files.readString(ROOT.resolve("LICENSE")));
  }

  @Test
  void theBillsTellNothingOfOneBuild() throws IOException {
    for (Path bom : List.of(home.resolve("bom.json"), home.resolve("job/bom.json"))) {
      JsonNode read = new ObjectMapper().readTree(bom.toFile());
      assertThat(read.path("bomFormat").asText()).isEqualTo("CycloneDX");
      assertThat(read.path("metadata").has("timestamp")).isFalse();
      assertThat(Files.readString(bom)).doesNotContain(System.getProperty("user.dir"));
    }
  }
}
