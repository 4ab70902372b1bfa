package dev.trafficctl.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A part that is a Java program. */
abstract class JvmPart extends Part {
  private static final Duration LAUNCH_LIMIT = Duration.ofSeconds(10);

  /**
   * Leaves Ctrl-C and the terminal's end to others: a JVM that finds these signals ignored does not
   * touch them. Writes the pid file before the program begins, so that a process never runs
   * unrecorded, and keeps its own process id for the program. What that writes is its owner's
   * alone.
   */
  private static final String DETACHED =
      "umask 077; trap '' INT HUP; echo \"$$ $(date +%s)\" >\"$0.tmp\" && mv \"$0.tmp\" \"$0\" && exec \"$@\"";

  private final Path lib;

  /**
   * A part whose program lies in a directory of jars.
   *
   * @param lib the directory of the jars
   */
  JvmPart(String name, StackDirectory directory, Path lib) {
    super(name, directory);
    this.lib = lib.toAbsolutePath();
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The class path option that holds every jar of the program. */
  final List<String> classPath() {
    return List.of("-cp", lib + "/*");
  }

  /**
   * Starts a Java program as a process that outlives this one.
   *
   * @param arguments the arguments of {@code java}; never a secret
   * @param environment what is added to the environment, the place for secrets
   */
  final void launchJava(List<String> arguments, Map<String, String> environment)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", DETACHED, pidFile().toString()));
    command.add(java());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory().root().toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    ChildEnvironment.limit(builder.environment(), environment);
    StackDirectory.createForOwner(log());
    Files.deleteIfExists(pidFile());
    Process process = builder.start();
    Waiting.until(LAUNCH_LIMIT, () -> Files.exists(pidFile()) || !process.isAlive());
  }
}
