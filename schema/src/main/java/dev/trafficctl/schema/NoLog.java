package dev.trafficctl.schema;

import org.flywaydb.core.api.logging.Log;
import org.flywaydb.core.api.logging.LogCreator;

/**
 * Drops what Flyway says as it goes; what the user must know is in its exceptions. Flyway makes one
 * by its name.
 */
public final class NoLog implements Log, LogCreator {
  @Override
  public Log createLogger(Class<?> type) {
    return this;
  }

  @Override
  @Deprecated // Flyway still declares it.
  public boolean isDebugEnabled() {
    return false;
  }

  @Override
  public void debug(String message) {}

  @Override
  public void info(String message) {}

  @Override
  public void warn(String message) {}

  @Override
  public void error(String message) {}

  @Override
  public void error(String message, Exception e) {}

  @Override
  public void notice(String message) {}
}
