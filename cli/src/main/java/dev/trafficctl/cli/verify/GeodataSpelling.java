package dev.trafficctl.cli.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

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
    Integer[] order = new Integer[members];
    Arrays.setAll(order, member -> member);
    Arrays.sort(
        order,
        Comparator.<Integer>comparingInt(member -> keyEnds[member] - starts[member])
            .thenComparing(member -> json.substring(starts[member], keyEnds[member])));
    StringBuilder spelled = new StringBuilder(json.length() + 2 * members).append('{');
    for (int member : order) {
      spelled.append(spelled.length() == 1 ? "" : ", ");
      spelled.append(json, starts[member], keyEnds[member]).append(": ");
      spelled.append(json, keyEnds[member] + 1, ends[member]);
    }
    return spelled.append('}').toString().getBytes(StandardCharsets.UTF_8);
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
