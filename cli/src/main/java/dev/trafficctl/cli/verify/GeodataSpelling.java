package dev.trafficctl.cli.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;

/**
 * Spells a JSON object of strings as Postgres spells a jsonb: the shorter keys first, keys of one
 * length in the order of their bytes, and a space behind each colon and comma. That is how {@code
 * geodata} can be compared byte by byte; where the bytes differ, {@link #isSame} compares values.
 */
final class GeodataSpelling {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MOST_KEYS = 16;

  private GeodataSpelling() {}

  /** In UTF-8, or null if it is not such an object, or has many keys. */
  static byte[] postgres(String json) {
    int[] starts = new int[MOST_KEYS];
    int[] keyEnds = new int[MOST_KEYS];
    int[] ends = new int[MOST_KEYS];
    int members = 0;
    int next = 1;
    while (next < json.length() && json.charAt(next - 1) != '}' && members < MOST_KEYS) {
      int keyEnd = endOfString(json, next);
      if (keyEnd < 0 || !json.startsWith(":", keyEnd)) {
        return null;
      }
      int end = endOfString(json, keyEnd + 1);
      if (end < 0 || end == json.length() || json.charAt(end) != ',' && json.charAt(end) != '}') {
        return null;
      }
      starts[members] = next;
      keyEnds[members] = keyEnd;
      ends[members] = end;
      members++;
      next = end + 1;
    }
    if (members == 0 || next != json.length()) {
      return null;
    }
    return spelled(json, members, starts, keyEnds, ends);
  }

  private static byte[] spelled(String json, int members, int[] starts, int[] keyEnds, int[] ends) {
    StringBuilder spelled = new StringBuilder(json.length() + 2 * members).append('{');
    int before = -1;
    for (int written = 0; written < members; written++) {
      int next = -1;
      for (int member = 0; member < members; member++) {
        boolean isLater = before < 0 || isBefore(json, before, member, starts, keyEnds);
        if (isLater && (next < 0 || isBefore(json, member, next, starts, keyEnds))) {
          next = member;
        }
      }
      if (next < 0) {
        // The same key twice.
        return null;
      }
      spelled.append(written == 0 ? "" : ", ");
      spelled.append(json, starts[next], keyEnds[next]).append(": ");
      spelled.append(json, keyEnds[next] + 1, ends[next]);
      before = next;
    }
    return spelled.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isBefore(String json, int one, int other, int[] starts, int[] keyEnds) {
    int length = keyEnds[one] - starts[one];
    int order = Integer.compare(length, keyEnds[other] - starts[other]);
    for (int i = 0; order == 0 && i < length; i++) {
      order = Character.compare(json.charAt(starts[one] + i), json.charAt(starts[other] + i));
    }
    return order < 0;
  }

  /** The index behind the string that begins at an index, or -1 if none does. */
  private static int endOfString(String json, int start) {
    if (!json.startsWith("\"", start)) {
      return -1;
    }
    for (int i = start + 1; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '"') {
        return i + 1;
      }
    }
    return -1;
  }

  /** Whether two JSON texts have the same value. */
  static boolean isSame(String one, String other) {
    try {
      return JSON.readTree(one).equals(JSON.readTree(other));
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
