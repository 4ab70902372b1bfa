package dev.trafficctl.model;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;

/**
 * Reads a {@code user_agent} that is an object, as libraries which take a User-Agent header apart
 * write it: the header itself is a string among their fields.
 */
final class UserAgentReader {
  /**
   * The fields under which the header may be, the most telling first: {@code original} is that of
   * the Elastic Common Schema, {@code ua} that of ua-parser-js, {@code ua_string} that of Python's
   * user-agents, {@code string} that of uap-python, {@code source} that of express-useragent.
   */
  static final List<String> FIELDS =
      List.of(
          "original",
          "ua",
          "user_agent",
          "userAgent",
          "user-agent",
          "User-Agent",
          "ua_string",
          "string",
          "source",
          "raw",
          "value");

  private UserAgentReader() {}

  /**
   * The first string in the order of {@link #FIELDS} that is not blank, else the first at all.
   *
   * @param event a text of which the beginning of the object was read last
   * @throws RejectedException if there is none, or it cannot be stored
   */
  static String userAgent(JsonText event) throws IOException, RejectedException {
    String found = null;
    int place = FIELDS.size();
    for (String name = event.nextName(); name != null; name = event.nextName()) {
      int other = FIELDS.indexOf(name);
      boolean better = found == null || found.isBlank() || other < place;
      if (event.next() == JsonToken.VALUE_STRING && other >= 0 && better) {
        String text = event.unchecked(() -> "user_agent");
        if (found == null || !text.isBlank()) {
          found = text;
          place = other;
        }
      } else {
        event.skipRest();
      }
    }
    if (found == null) {
      throw new RejectedException(
          RejectionReason.WRONG_TYPE,
          "user_agent is an object without a string in one of " + String.join(", ", FIELDS));
    }
    event.check(found, true, () -> "user_agent");
    return found;
  }
}
