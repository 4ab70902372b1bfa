package dev.trafficctl.cli.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An operator of a state, of a jar, or of both.
 *
 * @param uid its uid, or null if nothing tells
 * @param entry what the state has of it, or null if only the jar has it
 * @param fate what becomes of the state when the jar is started from it; null if nothing tells
 *     which operators the jar has
 */
public record OperatorMatch(String uid, OperatorEntry entry, Fate fate) {

  /** What becomes of an operator's state. */
  public enum Fate {
    /** The operator of the same uid takes it. */
    RESTORED,
    /** The operator of the same uid is there, and there is no state for it to take. */
    STATELESS,
    /** The operator is not in the state, and starts without any. */
    NEW,
    /** No operator takes it: Flink refuses the start without --allow-non-restored-state. */
    LEFT_OVER,
    /** No operator takes it, and there is nothing to be taken. */
    EMPTY;

    /** Whether the operator is in the state and in the jar. */
    public boolean isInStateAndJar() {
      return this == RESTORED || this == STATELESS;
    }
  }

  /**
   * Each operator of the state, then those that only the jar has, in the order of their uids.
   *
   * @param uids the operators of the jar, or null if it does not tell
   */
  public static List<OperatorMatch> of(List<OperatorEntry> entries, Set<String> uids) {
    List<OperatorMatch> matches = new ArrayList<>();
    Map<String, String> left = new HashMap<>();
    if (uids != null) {
      // Flink finds state by the id that it makes of the uid.
      uids.forEach(uid -> left.put(OperatorUid.id(uid), uid));
    }
    for (OperatorEntry entry : entries) {
      String ofJar = left.remove(entry.id());
      String uid = entry.uid() == null ? ofJar : entry.uid();
      matches.add(new OperatorMatch(uid, entry, uids == null ? null : fate(entry, ofJar)));
    }
    Map<String, OperatorMatch> added = new TreeMap<>();
    left.values().forEach(uid -> added.put(uid, new OperatorMatch(uid, null, Fate.NEW)));
    matches.addAll(added.values());
    return matches;
  }

  private static Fate fate(OperatorEntry entry, String ofJar) {
    if (ofJar != null) {
      return entry.hasState() ? Fate.RESTORED : Fate.STATELESS;
    }
    return entry.hasState() ? Fate.LEFT_OVER : Fate.EMPTY;
  }
}
