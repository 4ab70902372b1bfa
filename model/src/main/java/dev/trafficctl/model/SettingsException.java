package dev.trafficctl.model;

import java.util.List;

/** Settings that cannot be used; the message has one line for each problem, with its remedy. */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With every problem that was found. */
  public SettingsException(List<String> problems) {
    super(String.join("\n", problems));
  }
}
