package dev.trafficctl.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.model.BuildVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unpacks the distribution and runs it through its launcher, as a user would. */
@ExtendWith(SharedStack.class)
class DistributionIT {
  private static final Result VERSION =
      new Result(0, "trafficctl " + BuildVersion.current() + "\n", "");

  @TempDir static Path directory;
  private static Path home;
  private static Path launcher;

  private record Result(int exitCode, String out, String err) {}

  @BeforeAll
  static void unpack() throws Exception {
    Path place = Files.createDirectory(directory.resolve("prüfung ☕ mit Leerzeichen"));
    Path archive =
        Path.of("target", "trafficctl-" + BuildVersion.current() + ".tar.gz").toAbsolutePath();
    Result unpacked = run(Map.of(), "tar", "-xzf", archive.toString(), "-C", place.toString());
    assertThat(unpacked).isEqualTo(new Result(0, "", ""));
    home = place.resolve("trafficctl-" + BuildVersion.current());
    launcher = home.resolve("bin/trafficctl");
  }

  private static Result run(Map<String, String> variables, String... command) throws Exception {
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("XDG_") || name.contains("FLINK"));
    environment.put("HOME", directory.resolve("home").toString());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.putAll(variables);
    int exitCode = builder.start().waitFor();
    return new Result(exitCode, Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }

  private static Result trafficctl(String... arguments) throws Exception {
    return run(Map.of(), command(launcher, arguments));
  }

  private static String[] command(Path program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    return command.toArray(new String[0]);
  }

  private static List<Path> archives(Path cache) throws IOException {
    try (Stream<Path> files = Files.list(cache.resolve("trafficctl"))) {
      return files.toList();
    }
  }

  @Test
  void theFirstCallMakesTheArchiveThatTheNextOnesUse() throws Exception {
    Path cache = directory.resolve("cache");
    Map<String, String> variables = Map.of("XDG_CACHE_HOME", cache.toString());
    assertThat(run(variables, command(launcher, "--version"))).isEqualTo(VERSION);
    assertThat(archives(cache)).hasSize(1).allSatisfy(file -> assertThat(file).isNotEmptyFile());
    assertThat(run(variables, command(launcher, "--version"))).isEqualTo(VERSION);
    assertThat(archives(cache)).hasSize(1);
    assertThat(run(variables, command(launcher, "lokal")).exitCode()).isEqualTo(2);
  }

  /** Java takes none from an archive where a path holds a character that a URL has to encode. */
  @Test
  void theArchiveHoldsTheClassesOfTheProductAndOfPicocli() throws Exception {
    Path home = directory.toRealPath().resolve("plain");
    run(Map.of(), "cp", "-r", launcher.getParent().getParent().toString(), home.toString());
    Path cache = directory.resolve("plain-cache");
    assertThat(
            run(
                Map.of("XDG_CACHE_HOME", cache.toString()),
                command(home.resolve("bin/trafficctl"), "--version")))
        .isEqualTo(VERSION);
    Path log = directory.resolve("classes");
    run(
        Map.of(),
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xlog:class+load:file=" + log + ":none",
        "-XX:SharedArchiveFile=" + archives(cache).get(0),
        "-Dtrafficctl.distribution=" + home,
        "-cp",
        home.resolve("lib/trafficctl.jar").toString(),
        TrafficCtl.class.getName(),
        "--version");
    try (Stream<String> classes = Files.lines(log)) {
      Map<Boolean, Long> archived =
          classes
              .filter(line -> line.matches("(dev\\.trafficctl|picocli)\\..*"))
              // What Java makes while it runs is in no archive.
              .filter(line -> !line.contains("/0x"))
              .collect(
                  Collectors.partitioningBy(
                      line -> line.contains("shared objects file"), Collectors.counting()));
      assertThat(archived.get(true)).isGreaterThan(50 * archived.get(false)).isGreaterThan(200);
    }
  }

  @Test
  void worksWithoutAPlaceForTheArchive() throws Exception {
    Path file = Files.createFile(directory.resolve("no directory"));
    assertThat(run(Map.of("XDG_CACHE_HOME", file.toString()), command(launcher, "--version")))
        .isEqualTo(VERSION);
  }

  @Test
  void worksThroughASymbolicLink() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("tc"), launcher);
    assertThat(run(Map.of(), command(link, "--version"))).isEqualTo(VERSION);
  }

  /**
   * Cron and CI images have the first ones; a login from a machine with another locale the last.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "LC_ALL=C",
        "LC_ALL=,LANG=POSIX",
        "LC_ALL=,LANG=C.UTF-8,LC_TIME=xx_YY.UTF-8",
        "LC_ALL=,LANG=xx_YY.UTF-8"
      })
  void readsAndPrintsWhatIsNotAsciiInEveryLocale(String locale) throws Exception {
    Map<String, String> variables = new HashMap<>();
    for (String variable : locale.split(",")) {
      String[] parts = variable.split("=", 2);
      variables.put(parts[0], parts.length == 2 ? parts[1] : "");
    }
    Path deleted = directory.resolve("Stände ☕/gelöscht");
    assertThat(run(variables, command(launcher, "savepoint", "inspect", "file:" + deleted)))
        .isEqualTo(new Result(4, "", "trafficctl: there is no " + deleted + "\n"));
  }

  @Test
  void refusesAnArgumentWhoseBytesAreNoUtf8() throws Exception {
    assertThat(
            run(Map.of(), "bash", "-c", "exec \"$0\" status $'pr\\374fung'", launcher.toString()))
        .isEqualTo(
            new Result(
                2,
                "",
                """
                trafficctl: 'pr\uFFFDfung' is not UTF-8; write it in UTF-8
                trafficctl: see trafficctl --help
                """));
  }

  @Test
  void bringsTheScriptThatItPrints() throws Exception {
    Result printed = trafficctl("completion", "bash");
    assertThat(printed.exitCode()).isZero();
    assertThat(printed.out())
        .isEqualTo(Files.readString(home.resolve("completion/trafficctl.bash")));
  }

  /** A link to a source leads to the checkout, which a distribution is not. */
  @Test
  void bringsEveryPageOfTheDocumentation() throws Exception {
    Path checkout = Path.of("..").toAbsolutePath().normalize();
    for (String pages : List.of("", "docs", "runbooks")) {
      try (Stream<Path> files = Files.list(checkout.resolve(pages))) {
        for (Path page : files.filter(file -> file.toString().endsWith(".md")).toList()) {
          assertThat(home.resolve(checkout.relativize(page))).hasSameTextualContentAs(page);
        }
      }
    }
  }

  @Test
  void asksTheCluster() throws Exception {
    Result jobs = trafficctl("jobs", "--directory", SharedStack.directory());
    assertThat(jobs.err()).doesNotContain("Exception");
    assertThat(jobs.exitCode()).isZero();
    assertThat(jobs.out()).contains("NAME", "STATE");
  }

  @Test
  void findsTheJarThatItBrings() throws Exception {
    Result planned =
        trafficctl(
            "submit", "--directory", SharedStack.directory(), "--plan", "--", "--job-name", "new");
    assertThat(planned.exitCode()).as(planned.err()).isZero();
    assertThat(planned.out())
        .contains(
            "1. upload "
                + home.toRealPath().resolve("job/traffic-job-" + BuildVersion.current() + ".jar")
                + "\n");
  }

  @Test
  void saysThatTheLocalStackNeedsACheckout() throws Exception {
    String message =
        "trafficctl: only a source checkout has the local stack, not "
            + home.toRealPath()
            + "; in a checkout run: ./trafficctl local up\n";
    assertThat(trafficctl("local", "up")).isEqualTo(new Result(1, "", message));
    assertThat(trafficctl("demo")).isEqualTo(new Result(1, "", message));
  }
}
