package dev.trafficctl.cli.documentation;

import dev.trafficctl.model.BuildVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The completion scripts and the man pages of a program. */
public final class DocumentationFiles {
  private DocumentationFiles() {}

  /** Writes {@code completion/} and {@code man/man1/} into a directory. */
  public static void write(CommandLine program, Path directory) throws IOException {
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
