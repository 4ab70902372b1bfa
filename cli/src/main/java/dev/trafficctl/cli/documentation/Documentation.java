package dev.trafficctl.cli.documentation;

import dev.trafficctl.cli.Environment;
import dev.trafficctl.cli.Installation;
import dev.trafficctl.cli.TrafficCtl;
import dev.trafficctl.model.BuildVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

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
    CommandLine program =
        TrafficCtl.commandLine(Environment.silent(Installation.distribution(directory)));
    Path completion = Files.createDirectories(directory.resolve("completion"));
    for (Shell shell : Shell.values()) {
      Files.writeString(completion.resolve(shell.file()), Completion.script(program, shell));
    }
    manPages(program.getCommandSpec(), Files.createDirectories(directory.resolve("man/man1")));
  }

  private static void manPages(CommandSpec command, Path directory) throws IOException {
    Files.writeString(
        directory.resolve(ManPage.name(command) + ".1"),
        ManPage.of(command, BuildVersion.current()));
    for (CommandSpec sub : Wording.shownSubcommands(command).values()) {
      manPages(sub, directory);
    }
  }
}
