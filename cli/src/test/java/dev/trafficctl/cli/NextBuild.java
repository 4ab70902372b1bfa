package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.model.Tables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * A build of the next version of the schema: this one, with one more entry in {@link Tables} and
 * one more file of SQL, and nothing else, as whoever adds a column makes it.
 */
final class NextBuild {
  /** The column that it adds to the table of events: how many characters the host has. */
  static final String COLUMN = "host_length";

  /** The version of the schema that it writes. */
  static final int VERSION = Tables.VERSION + 1;

  private static final String END_OF_EVENTS = "(?s)\\),\\s*KEY\\);";
  private static final Path JOB = Path.of("../job/target");

  private final Path classes;

  private NextBuild(Path classes) {
    this.classes = classes;
  }

  /** Makes it in an empty directory. */
  static NextBuild in(Path directory) throws IOException {
    Path source = Files.createDirectories(directory.resolve("source")).resolve("Tables.java");
    String tables =
        Files.readString(Path.of("../model/src/main/java/dev/trafficctl/model/Tables.java"));
    String next =
        tables.replaceFirst(
            END_OF_EVENTS,
            """
            , named("%s", INTEGER, "1").since(%d)
                .from((row, to) -> to.integer(row.event().host().length()))),
            KEY);"""
                .formatted(COLUMN, VERSION));
    assertThat(next).isNotEqualTo(tables);
    Files.writeString(source, next);
    Path classes = Files.createDirectories(directory.resolve("classes"));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                said,
                said,
                "-proc:none",
                "-cp",
                model().toString(),
                "-d",
                classes.toString(),
                source.toString());
    assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
    Path sql = Files.createDirectories(classes.resolve("dev/trafficctl/schema"));
    Files.writeString(
        sql.resolve("V%d.sql".formatted(VERSION)),
        """
        ALTER TABLE processed_events ADD %s int;

        COMMENT ON TABLE rejected_events IS 'What could not be stored';
        """
            .formatted(COLUMN));
    return new NextBuild(classes);
  }

  private static Path model() {
    try {
      return Path.of(Tables.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** What it has otherwise than this build, to be put before that on a class path. */
  Path classes() {
    return classes;
  }

  /** Writes the jar of its job. */
  Path job(Path jar) throws IOException {
    Path own;
    try (Stream<Path> files = Files.list(JOB)) {
      own =
          files
              .filter(file -> file.getFileName().toString().matches("traffic-job-.*\\.jar"))
              .findFirst()
              .orElseThrow();
    }
    Files.copy(own, jar);
    Path tables = Path.of("dev", "trafficctl", "model", "Tables.class");
    try (FileSystem copy = FileSystems.newFileSystem(jar)) {
      Files.copy(
          classes.resolve(tables),
          copy.getPath(tables.toString()),
          StandardCopyOption.REPLACE_EXISTING);
    }
    return jar;
  }
}
