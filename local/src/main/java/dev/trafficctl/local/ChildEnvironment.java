package dev.trafficctl.local;

import java.util.Map;
import java.util.Set;

/**
 * What a process of the stack has in its environment: what programs need to find their files and to
 * speak the user's language, and what it is given for itself. What else the caller has, such as
 * tokens and keys for other systems, stays with the caller: whoever may run code in a part of the
 * stack could read it there.
 */
final class ChildEnvironment {
  private static final Set<String> PASSED_ON =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "SHELL",
          "TMPDIR",
          "TZ",
          "LANG",
          "LANGUAGE",
          "LOCALE_ARCHIVE",
          "JAVA_HOME",
          "LD_LIBRARY_PATH",
          "DYLD_LIBRARY_PATH");

  private ChildEnvironment() {}

  /**
   * Makes the environment of a process that is about to be started from that of this one.
   *
   * @param environment that of this process, which is changed
   * @param added what the process is given for itself, the place for secrets
   */
  static void limit(Map<String, String> environment, Map<String, String> added) {
    environment.keySet().removeIf(name -> !isPassedOn(name));
    environment.putAll(added);
  }

  /** Whether a variable of the caller is in the environment of every part. */
  static boolean isPassedOn(String name) {
    return PASSED_ON.contains(name) || name.startsWith("LC_");
  }
}
