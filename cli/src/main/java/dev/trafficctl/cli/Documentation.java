package dev.trafficctl.cli;

import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.documentation.DocumentationFiles;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.Installation;
import java.io.IOException;
import java.nio.file.Path;

/** Writes the completion scripts and the man pages; the build runs it for the distribution. */
public final class Documentation {
  private Documentation() {}

  /**
   * Writes {@code completion/} and {@code man/man1/}.
   *
   * @param arguments the directory to write to
   */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    DocumentationFiles.write(
        TrafficCtl.commandLine(
            Environment.silent(Installation.distribution(directory), new ShellCommands())),
        directory);
  }
}
