package dev.trafficctl.cli.operation.restart;

import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.StartDescription;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;

/** Lets no other jar be started than the one that the job had, unless the user has named it. */
final class JarCheck {
  /** What a checksum looks like; other texts are none. */
  static final String SHA_256 = "[0-9a-f]{64}";

  /**
   * Looks whether the jar that is started is the one that the user can expect.
   *
   * @param before how the job was started before
   * @param warn is told if that is not known
   * @throws CommandException when it is another, and nobody has named it
   */
  void check(RestartScene scene, StartDescription before, Consumer<String> warn) {
    RestartRequest request = scene.request();
    String wanted = before.jarSha256();
    if (request.jarIsGiven()) {
      return;
    }
    if (wanted == null || !wanted.matches(SHA_256)) {
      warn.accept(
          "which jar the job was started from is not known; "
              + request.jar()
              + " is used; name another with --jar FILE");
      return;
    }
    if (!sha256(request.jar()).equals(wanted)) {
      throw new CommandException(
          ExitCode.REFUSED,
          "the job %s was started from another jar (version %s, SHA-256 %s) than the one that comes with this trafficctl; nothing was changed%nto run the one that comes with it: %s%nto run the one that it had, give that as FILE: %s"
              .formatted(
                  Text.safe(scene.jobName()),
                  before.version() == null ? "unknown" : before.version(),
                  wanted,
                  scene.next().restart(request.again(scene.jobName(), request.jar().toString())),
                  scene.next().restart(request.again(scene.jobName(), "FILE"))));
    }
  }

  /** The checksum of a jar, in hexadecimal digits. */
  static String sha256(Path jar) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(jar), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, "cannot read " + jar + "; check --jar", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
