package dev.trafficctl.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher in a checkout whose Maven and Java are scripts: Maven makes the files that a build
 * makes, and Java tells how it was started.
 */
class LauncherTest {
  private static final String BUILDING =
      "trafficctl: building; this takes about a minute, and some more when Maven has to download\n";
  private static final String WAITING = "trafficctl: another command builds here; waiting for it\n";
  private static final String CLI_JAR = "cli/target/lib/trafficctl.jar";
  private static final String JOB_JAR = "job/target/traffic-job-1.jar";
  private static final String KAFKA_JAR = "local/kafka/target/lib/kafka.jar";
  private static final String FLINK_JAR = "local/flink/target/lib/flink.jar";

  /** Adds a line to the file {@code builds}, and goes on when there is no {@code gate}. */
  private static final String MAVEN =
      """
      #!/bin/sh
      cd "$CHECKOUT"
      echo begun >>builds
      while [ -e gate ]; do sleep 0.05; done
      [ ! -e broken ] || { echo 'a test that Maven failed'; exit 1; }
      for jar in %s %s %s %s; do mkdir -p "${jar%%/*}" && echo jar >"$jar"; done
      """
          .formatted(CLI_JAR, JOB_JAR, KAFKA_JAR, FLINK_JAR);

  private static final String JAVA =
      """
      #!/bin/sh
      for argument; do
        case $argument in
          -XshowSettings:*) echo '    java.specification.version = 17'; exit ;;
          -Xshare:dump) dump=yes ;;
          -XX:SharedArchiveFile=*) [ -z "$dump" ] || { echo archive >"${argument#*=}"; exit; } ;;
        esac
      done
      for argument; do last=$argument; done
      echo "$*" >"$CHECKOUT/java-arguments"
      echo "ran $last"
      """;

  @TempDir Path directory;
  private Path checkout;
  private Path program;

  private record Result(int exitCode, String out, String err) {}

  private final class Launched {
    private final Process process;
    private final Path out;
    private final Path err;

    Launched(Map<String, String> variables, String... arguments) throws IOException {
      out = Files.createTempFile(directory, "out", "");
      err = Files.createTempFile(directory, "err", "");
      ProcessBuilder builder =
          new ProcessBuilder("bash", checkout.resolve("trafficctl").toString())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.command().addAll(List.of(arguments));
      Map<String, String> environment = builder.environment();
      environment.put("CHECKOUT", checkout.toString());
      environment.put("JAVA_HOME", program.toString());
      environment.put("PATH", program.resolve("bin") + ":" + environment.get("PATH"));
      environment.putAll(variables);
      process = builder.start();
    }

    String err() throws IOException {
      return Files.readString(err, UTF_8);
    }

    Result result() throws Exception {
      return new Result(process.waitFor(), Files.readString(out, UTF_8), err());
    }
  }

  @BeforeEach
  void makeACheckout() throws IOException {
    checkout = Files.createDirectory(directory.resolve("a prüfung ☕"));
    Files.copy(
        Path.of("..", "trafficctl"),
        checkout.resolve("trafficctl"),
        StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(checkout.resolve("pom.xml"), "<project/>");
    Files.createDirectories(source("").getParent());
    Files.writeString(source("Old"), "class");
    program = directory.resolve("jdk");
    Files.createDirectories(program.resolve("bin"));
    write("java", JAVA);
    write("javac", JAVA);
    write("mvn", MAVEN);
  }

  @AfterEach
  void letMavenGo() throws IOException {
    Files.deleteIfExists(checkout.resolve("gate"));
  }

  private Path source(String name) {
    return checkout.resolve("job/src/main/java").resolve(name + ".java");
  }

  private void write(String name, String script) throws IOException {
    Path file = Files.writeString(program.resolve("bin").resolve(name), script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Launched launch(String... arguments) throws IOException {
    return new Launched(new HashMap<>(), arguments);
  }

  private Result run(String... arguments) throws Exception {
    return launch(arguments).result();
  }

  private long builds() throws IOException {
    Path file = checkout.resolve("builds");
    return Files.exists(file) ? Files.readAllLines(file).size() : 0;
  }

  private void awaitBuild(int number) {
    Awaitility.await("build " + number)
        .atMost(Duration.ofSeconds(30))
        .until(() -> builds() == number);
  }

  private static void awaitWords(Launched command, String words) {
    Awaitility.await(words).atMost(Duration.ofSeconds(30)).until(() -> command.err().equals(words));
  }

  @Test
  void buildsOnce() throws Exception {
    assertThat(run("one")).isEqualTo(new Result(0, "ran one\n", BUILDING));
    assertThat(run("two")).isEqualTo(new Result(0, "ran two\n", ""));
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void oneOfTwoFirstCommandsBuilds() throws Exception {
    Files.createFile(checkout.resolve("gate"));
    Launched first = launch("one");
    awaitBuild(1);
    Launched second = launch("two");
    awaitWords(second, WAITING);
    Files.delete(checkout.resolve("gate"));
    assertThat(first.result()).isEqualTo(new Result(0, "ran one\n", BUILDING));
    assertThat(second.result()).isEqualTo(new Result(0, "ran two\n", WAITING));
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void aBuildWhoseCommandWasKilledIsAwaitedAndDoneAgain() throws Exception {
    Files.createFile(checkout.resolve("gate"));
    Launched killed = launch("one");
    awaitBuild(1);
    killed.process.destroyForcibly().waitFor();
    Launched second = launch("two");
    awaitWords(second, WAITING);
    Files.delete(checkout.resolve("gate"));
    assertThat(second.result()).isEqualTo(new Result(0, "ran two\n", WAITING + BUILDING));
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void whatIsMissingIsBuiltAgain() throws Exception {
    run("one");
    int builds = 1;
    for (String file : List.of(CLI_JAR, JOB_JAR, KAFKA_JAR, FLINK_JAR)) {
      Files.delete(checkout.resolve(file));
      assertThat(run("two")).as(file).isEqualTo(new Result(0, "ran two\n", BUILDING));
      builds++;
      assertThat(checkout.resolve(file)).exists();
      assertThat(builds()).isEqualTo(builds);
    }
  }

  @Test
  void aSourceThatIsDeletedIsAChange() throws Exception {
    run("one");
    Files.delete(source("Old"));
    assertThat(run("two").err()).isEqualTo(BUILDING);
    assertThat(run("three").err()).isEqualTo("");
  }

  @Test
  void aBuildThatFailsLeavesNothingThatCountsAsBuilt() throws Exception {
    run("one");
    Files.writeString(source("New"), "no class");
    Files.createFile(checkout.resolve("broken"));
    Result failed = run("two");
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.err())
        .isEqualTo(
            BUILDING
                + "a test that Maven failed\n"
                + "trafficctl: the build failed; all of its output is in "
                + checkout.toRealPath().resolve("cli/target/build.log")
                + "\n");
    Files.delete(source("New"));
    Files.delete(checkout.resolve("broken"));
    assertThat(run("three")).isEqualTo(new Result(0, "ran three\n", BUILDING));
  }

  @Test
  void aJarOfAnotherBuildGetsAnArchiveOfItsOwn() throws Exception {
    run("one");
    Path archive = checkout.resolve("cli/target/trafficctl.jsa");
    Files.writeString(archive, "of the former jar");
    Files.setLastModifiedTime(archive, Files.getLastModifiedTime(checkout.resolve("pom.xml")));
    assertThat(run("two")).isEqualTo(new Result(0, "ran two\n", ""));
    assertThat(archive).hasContent("archive");
  }

  @Test
  void aPathWithAColonIsRefused() throws Exception {
    checkout = Files.move(checkout, directory.resolve("a:b"));
    assertThat(run("one"))
        .isEqualTo(
            new Result(
                1,
                "",
                "trafficctl: the path "
                    + checkout.toRealPath()
                    + " holds a colon, which Java takes for the end of a path;"
                    + " move it elsewhere\n"));
    assertThat(builds()).isZero();
  }

  @Test
  void onlyCommandsThatWorkForLongGetTheBetterCompiler() throws Exception {
    for (String command :
        List.of(
            "demo",
            "demo --file access.log",
            "--debug demo",
            "verify traffic",
            "local traffic --rate 5",
            "local --debug traffic")) {
      run(command.split(" "));
      assertThat(javaArguments()).as(command).contains(" -Xmx512m ").doesNotContain("TieredStop");
    }
  }

  @Test
  void aWordThatIsNotTheCommandChangesNoOptionOfJava() throws Exception {
    for (String command :
        List.of(
            "status traffic",
            "status verify",
            "status --context demo",
            "lag --topic traffic",
            "--debug status traffic",
            "local status traffic",
            "local logs demo",
            "restart traffic -- --job-name traffic",
            "-- local traffic",
            "--version")) {
      run(command.split(" "));
      assertThat(javaArguments())
          .as(command)
          .contains(" -XX:TieredStopAtLevel=1 -Xmx256m ")
          .doesNotContain("-Xmx512m");
    }
  }

  private String javaArguments() throws IOException {
    return Files.readString(checkout.resolve("java-arguments"), UTF_8);
  }

  @Test
  void anArchiveThatAnotherCouldHaveWrittenIsNotUsed() throws Exception {
    Path distribution = directory.resolve("distribution");
    Files.createDirectories(distribution.resolve("bin"));
    Files.createDirectories(distribution.resolve("lib"));
    Files.copy(checkout.resolve("trafficctl"), distribution.resolve("bin/trafficctl"));
    Files.writeString(distribution.resolve("lib/trafficctl.jar"), "jar");
    Path cache = directory.resolve("cäche");
    Map<String, String> variables =
        Map.of("XDG_CACHE_HOME", cache.toString(), "CHECKOUT", directory.toString());
    checkout = distribution.resolve("bin");

    assertThat(archiveUsed(variables)).isTrue();
    Path own = cache.resolve("trafficctl");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
        .isEqualTo("rwx------");
    Path archive = onlyFileIn(own);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)))
        .isEqualTo("rw-------");

    for (String open : List.of("rw--w----", "rw-----w-")) {
      Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString(open));
      assertThat(archiveUsed(variables)).as(open).isFalse();
    }
    Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(archiveUsed(variables)).isTrue();
    for (String open : List.of("rwxrwx---", "rwx---rwx")) {
      Files.setPosixFilePermissions(own, PosixFilePermissions.fromString(open));
      assertThat(archiveUsed(variables)).as(open).isFalse();
    }
  }

  private boolean archiveUsed(Map<String, String> variables) throws Exception {
    assertThat(new Launched(variables, "status").result())
        .isEqualTo(new Result(0, "ran status\n", ""));
    return Files.readString(directory.resolve("java-arguments"), UTF_8)
        .contains("-XX:SharedArchiveFile=");
  }

  private static Path onlyFileIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }
}
