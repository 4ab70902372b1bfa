package dev.trafficctl.cli.flink;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds in one of Flink's errors, which are Java stack traces, the message that tells what
 * happened.
 */
final class ServerError {
  private static final String OWN_PACKAGE = "dev.trafficctl.";
  private static final int LONGEST_MESSAGE = 2_000;
  private static final Pattern HEAD =
      Pattern.compile("(?:Caused by: )?((?:[\\w$]+\\.)+[\\w$]+)(?:: (.*))?");

  private ServerError() {}

  /** The cause in the body {@code {"errors": [...]}}. */
  static Optional<Cause> of(JsonNode body) {
    Optional<Cause> found = Optional.empty();
    for (JsonNode error : body.path("errors")) {
      // The last entry is the trace; what comes before it only says that there was an error.
      Optional<Cause> cause = of(error.asText());
      found = cause.isPresent() ? cause : found;
    }
    return found;
  }

  /**
   * The cause in a stack trace: the outermost exception of our own job, whose messages are made for
   * users; without one, the deepest that has a message, behind what was said of it one level up.
   */
  static Optional<Cause> of(String trace) {
    Cause deepest = null;
    Cause above = null;
    for (Cause cause : chain(trace)) {
      if (cause.message().isBlank()) {
        continue;
      }
      if (cause.isOwn()) {
        return Optional.of(cause);
      }
      above = deepest;
      deepest = cause;
    }
    boolean both = above != null && !above.message().contains(deepest.message());
    return Optional.ofNullable(
        both ? new Cause(above.type(), above.message() + " (" + deepest.text() + ")") : deepest);
  }

  private static List<Cause> chain(String trace) {
    List<Cause> chain = new ArrayList<>();
    String type = null;
    StringBuilder message = new StringBuilder();
    boolean inFrames = false;
    for (String line : trace.lines().toList()) {
      boolean frame = line.matches("\\s+(at .*|\\.\\.\\. \\d+ .*|Suppressed: .*)");
      boolean cause = line.startsWith("Caused by: ");
      if (type == null || cause) {
        if (type != null) {
          chain.add(new Cause(type, message.toString()));
        }
        message.setLength(0);
        Matcher head = HEAD.matcher(line);
        boolean matches = head.matches();
        type = matches ? head.group(1) : "";
        message.append(matches ? (head.group(2) == null ? "" : head.group(2)) : line);
        inFrames = false;
      } else if (frame) {
        inFrames = true;
      } else if (!inFrames && message.length() < LONGEST_MESSAGE) {
        message.append('\n').append(line);
      }
    }
    if (type != null) {
      chain.add(new Cause(type, message.toString()));
    }
    return chain;
  }

  /**
   * One exception of a trace.
   *
   * @param type the name of its class with the package; empty if there is none
   * @param message what it says, perhaps in several lines
   */
  record Cause(String type, String message) {
    /** The message, with the class in front unless the exception is our own. */
    String text() {
      String text =
          message.length() <= LONGEST_MESSAGE
              ? message
              : message.substring(0, LONGEST_MESSAGE) + " ...";
      return type.isEmpty() || isOwn()
          ? text
          : type.substring(type.lastIndexOf('.') + 1) + ": " + text;
    }

    private boolean isOwn() {
      return type.startsWith(OWN_PACKAGE);
    }

    /** Whether the job could not reach Kafka or Postgres. */
    boolean isUnreachable() {
      return isOwn() && type.endsWith("Unreachable");
    }
  }
}
