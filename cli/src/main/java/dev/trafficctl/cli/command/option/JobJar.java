package dev.trafficctl.cli.command.option;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the job's jar. */
public final class JobJar {
  private JobJar() {}

  /**
   * The jar that a checkout has built or that a distribution brings; the newest, if a former
   * version's is still there.
   */
  public static Path of(Installation installation) {
    try (Stream<Path> files = Files.list(installation.jobDirectory())) {
      List<Path> jars =
          files
              .filter(file -> file.getFileName().toString().matches("traffic-job-.*\\.jar"))
              .toList();
      return jars.stream()
          .max(
              (one, other) ->
                  Long.compare(one.toFile().lastModified(), other.toFile().lastModified()))
          .orElseThrow(() -> missing(installation, null));
    } catch (IOException e) {
      throw missing(installation, e);
    }
  }

  /** A jar that the user named. */
  public static Path check(Path jar) {
    if (!Files.isReadable(jar) || !Files.isRegularFile(jar)) {
      throw new CommandException(ExitCode.FAILED, "cannot read " + jar + "; check --jar");
    }
    return jar;
  }

  private static CommandException missing(Installation installation, IOException cause) {
    return new CommandException(
        ExitCode.FAILED,
        "there is no job jar in "
            + installation.jobDirectory()
            + (installation.isCheckout()
                ? "; build it with: mvn -DskipTests package"
                : "; unpack the distribution again, or give --jar"),
        cause);
  }
}
