package dev.trafficctl.cli.flink;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trafficctl.cli.output.Text;
import java.util.Optional;

/**
 * Finds in one of Flink's errors, which are Java stack traces, the message that tells what
 * happened.
 */
final class ServerError {
  private static final String OWN_PACKAGE = "dev.trafficctl.";
  private static final String CAUSE = "Caused by: ";
  private static final int LONGEST_MESSAGE = 2_000;
  private static final int LONGEST_TYPE = 200;

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
    Chain chain = new Chain();
    trace.lines().takeWhile(line -> !chain.isComplete()).forEach(chain::read);
    return chain.cause();
  }

  /** The exceptions of a trace, line by line; what is kept of them does not grow with the trace. */
  private static final class Chain {
    private final StringBuilder message = new StringBuilder();
    private String type;
    private boolean inFrames;
    private Cause own;
    private Cause deepest;
    private Cause above;

    boolean isComplete() {
      return own != null;
    }

    void read(String line) {
      if (type == null || line.startsWith(CAUSE)) {
        end();
        begin(line.startsWith(CAUSE) ? line.substring(CAUSE.length()) : line);
      } else if (isFrame(line)) {
        inFrames = true;
      } else if (!inFrames && message.length() < LONGEST_MESSAGE) {
        add("\n");
        add(line);
      }
    }

    private void begin(String line) {
      int colon = line.indexOf(": ");
      String head = colon < 0 ? line : line.substring(0, colon);
      boolean named = isClassName(head);
      type = named ? head : "";
      add(named ? (colon < 0 ? "" : line.substring(colon + 2)) : line);
      inFrames = false;
    }

    private void add(String text) {
      message.append(text, 0, Math.min(text.length(), LONGEST_MESSAGE + 1));
    }

    private void end() {
      if (type == null || message.isEmpty() || message.toString().isBlank()) {
        message.setLength(0);
        return;
      }
      Cause cause = new Cause(type, message.toString());
      message.setLength(0);
      if (cause.isOwn()) {
        own = cause;
      }
      above = deepest;
      deepest = cause;
    }

    Optional<Cause> cause() {
      if (own == null) {
        end();
      }
      if (own != null) {
        return Optional.of(own);
      }
      boolean both = above != null && !above.message().contains(deepest.message());
      return Optional.ofNullable(
          both ? new Cause(above.type(), above.message() + " (" + deepest.text() + ")") : deepest);
    }

    private static boolean isFrame(String line) {
      String text = line.stripLeading();
      return text.length() < line.length()
          && (text.startsWith("at ") || text.startsWith("... ") || text.startsWith("Suppressed: "));
    }

    /** Whether a text is the full name of a class: identifiers with a dot between them. */
    private static boolean isClassName(String text) {
      if (text.length() > LONGEST_TYPE || text.indexOf('.') < 1 || text.endsWith(".")) {
        return false;
      }
      char before = '.';
      for (char c : text.toCharArray()) {
        boolean part = c == '_' || c == '$' || c < 0x80 && Character.isLetterOrDigit(c);
        if (!part && (c != '.' || before == '.')) {
          return false;
        }
        before = c;
      }
      return true;
    }
  }

  /**
   * One exception of a trace.
   *
   * @param type the name of its class with the package; empty if there is none
   * @param message what it says, perhaps in several lines
   */
  record Cause(String type, String message) {
    /**
     * The message, with the class in front unless the exception is our own. Only its first line
     * begins a line, so that none looks like one of this program.
     */
    String text() {
      String text =
          message.length() <= LONGEST_MESSAGE
              ? message
              : message.substring(0, LONGEST_MESSAGE) + " ...";
      String quoted = (text.startsWith("trafficctl") ? "Flink says: " : "") + Text.quoted(text);
      return type.isEmpty() || isOwn()
          ? quoted
          : type.substring(type.lastIndexOf('.') + 1) + ": " + quoted;
    }

    /** Whether our own job has thrown it. */
    boolean isOwn() {
      return type.startsWith(OWN_PACKAGE);
    }

    /** Whether the job could not reach Kafka or Postgres. */
    boolean isUnreachable() {
      // Jars of some versions give it the shorter name.
      return isOwn() && (type.endsWith("UnreachableException") || type.endsWith("Unreachable"));
    }
  }
}
