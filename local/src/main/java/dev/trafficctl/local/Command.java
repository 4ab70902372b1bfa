package dev.trafficctl.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A short command that runs to its end.
 *
 * @param arguments the program and its arguments; never a secret
 * @param environment what is added to the environment
 */
record Command(List<String> arguments, Map<String, String> environment) {

  static Command of(String... arguments) {
    return new Command(List.of(arguments), Map.of());
  }

  /**
   * What the command prints.
   *
   * @param purpose what it is for, as an error message names it
   * @throws StackException when it fails, with the line in which it says why
   */
  String run(String purpose) {
    Result result = result(purpose);
    if (result.exit() != 0) {
      throw new StackException(purpose + " failed: " + ProcessLog.lastMeaningful(result.output()));
    }
    return result.output();
  }

  /** What the command prints, and how it ends. */
  Result result(String purpose) {
    ProcessBuilder builder = new ProcessBuilder(arguments).redirectErrorStream(true);
    builder.redirectInput(Path.of("/dev/null").toFile());
    ChildEnvironment.limit(builder.environment(), environment);
    try {
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(awaitEnd(process), output);
    } catch (IOException e) {
      throw new StackException(purpose + " failed: " + e.getMessage(), e);
    }
  }

  /** Without regard to interruption: half a command's work would be in the next one's way. */
  private static int awaitEnd(Process process) {
    return process.onExit().join().exitValue();
  }

  record Result(int exit, String output) {}
}
