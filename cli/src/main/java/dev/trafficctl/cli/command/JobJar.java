package dev.trafficctl.cli.command;

import dev.trafficctl.cli.CommandException;
import dev.trafficctl.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the job's jar. */
final class JobJar {
  private JobJar() {}

  /** The jar that a checkout has built; the newest, if a former version's is still there. */
  static Path of(Path checkout) {
    Path target = checkout.resolve("job/target");
    try (Stream<Path> files = Files.list(target)) {
      List<Path> jars =
          files
              .filter(file -> file.getFileName().toString().matches("traffic-job-.*\\.jar"))
              .toList();
      return jars.stream()
          .max(
              (one, other) ->
                  Long.compare(one.toFile().lastModified(), other.toFile().lastModified()))
          .orElseThrow(() -> missing(target, null));
    } catch (IOException e) {
      throw missing(target, e);
    }
  }

  /** A jar that the user named. */
  static Path check(Path jar) {
    if (!Files.isReadable(jar) || !Files.isRegularFile(jar)) {
      throw new CommandException(ExitCode.FAILED, "cannot read " + jar + "; check --jar");
    }
    return jar;
  }

  private static CommandException missing(Path target, IOException cause) {
    return new CommandException(
        ExitCode.FAILED,
        "there is no job jar in " + target + "; build it with: mvn -DskipTests package",
        cause);
  }
}
