package dev.trafficctl.cli.context;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.model.SecretFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The file with the contexts. It holds no secret; but whoever can write it can send commands and
 * credentials elsewhere, so that only its owner may.
 *
 * @param path where it is, or would be
 * @param next what is recommended when something in it is wrong
 */
public record ConfigurationFile(Path path, NextCommands next) {
  private static final int LARGEST = 1024 * 1024;
  private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /**
   * The file {@code trafficctl/config.yaml} in {@code $XDG_CONFIG_HOME}, or in {@code .config} of
   * the home directory if that is not set, or no absolute path (XDG Base Directory Specification).
   */
  public static ConfigurationFile in(Map<String, String> variables, NextCommands next) {
    Path home = Path.of(variables.getOrDefault("HOME", System.getProperty("user.home")));
    String given = variables.get("XDG_CONFIG_HOME");
    boolean usable = given != null && Path.of(given).isAbsolute();
    Path directory = usable ? Path.of(given) : home.resolve(".config");
    return new ConfigurationFile(directory.resolve("trafficctl").resolve("config.yaml"), next);
  }

  /**
   * What the file holds; nothing when there is none.
   *
   * @throws CommandException when the file cannot be read, is wrong, or is open to others; nothing
   *     of it is used then
   */
  public Configuration read() {
    String text;
    try {
      if (!Files.exists(path)) {
        return Configuration.empty();
      }
      if (!SecretFile.isOwnersAlone(path)) {
        throw failure(": others than its owner have access; run: chmod 600 " + path, null);
      }
      byte[] bytes;
      try (var in = Files.newInputStream(path)) {
        bytes = in.readNBytes(LARGEST + 1);
      }
      if (bytes.length > LARGEST) {
        throw failure(": is larger than 1 MiB; take out what does not belong there", null);
      }
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      return Configuration.empty();
    } catch (CharacterCodingException e) {
      throw failure(": is no UTF-8 text; save it as UTF-8", e);
    } catch (IOException e) {
      throw failure(": cannot be read; check what it is and who owns it", e);
    }
    return new ConfigurationYaml(path, next).read(text);
  }

  /**
   * Writes the file anew, whole or not at all, while no other command does.
   *
   * @param change makes the new content of what the file holds now
   * @return the new content
   * @throws CommandException when the file is wrong now, or cannot be written
   */
  public Configuration update(UnaryOperator<Configuration> change) {
    try {
      Files.createDirectories(path.getParent(), DIRECTORY);
      Path lock = path.resolveSibling("config.lock");
      try (FileChannel channel =
          FileChannel.open(
              lock, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), FILE)) {
        // Closing the channel gives the lock back.
        channel.lock();
        Configuration changed = change.apply(read());
        write(new ConfigurationYaml(path, next).write(changed));
        return changed;
      }
    } catch (IOException e) {
      throw failure(": cannot be written; check who owns it and the space on the disk", e);
    }
  }

  private void write(String text) throws IOException {
    // A link, as people who keep their files in one place have it, stays a link.
    Path file = Files.exists(path) ? path.toRealPath() : path;
    Path unfinished = Files.createTempFile(file.getParent(), "config", ".tmp", FILE);
    try {
      try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private CommandException failure(String what, Throwable cause) {
    return new CommandException(ExitCode.FAILED, path + what, cause);
  }
}
