package dev.trafficctl.cli.documentation;

import java.util.Locale;

/** A shell that can be taught to complete commands. */
public enum Shell {
  /** bash, 4.0 or newer for the completion of files. */
  BASH("trafficctl.bash"),
  /** zsh. */
  ZSH("_trafficctl"),
  /** fish. */
  FISH("trafficctl.fish");

  private final String file;

  Shell(String file) {
    this.file = file;
  }

  /** The name under which the shell, or its users, expect the script. */
  String file() {
    return file;
  }

  /** Its name as one types it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
