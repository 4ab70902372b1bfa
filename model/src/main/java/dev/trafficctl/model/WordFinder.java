package dev.trafficctl.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.function.IntConsumer;

/**
 * Finds words anywhere in a text, without case ({@link AsciiCase}), and all of them in one pass:
 * the automaton of Aho and Corasick. A text is read in time linear in its length, however many
 * words there are and however they overlap. Immutable.
 *
 * <p>Of the words that stand at a place the lowest value counts, which is known beforehand:
 * reporting each of them would take time that grows with the words within words.
 */
final class WordFinder {
  /** The value of a text in which there is no word. */
  static final int NOTHING = Integer.MAX_VALUE;

  private static final int ROOT = 0;

  /** For each character its column in the table of transitions; 0 for those in no word. */
  private final char[] columns;

  private final int[] fromRoot;
  private final Transitions transitions;

  /** For each state the one that stands for the longest end of its text that begins a word. */
  private final int[] fallback;

  /** For each state the lowest value of the words that end there. */
  private final int[] lowest;

  /** For each state what is to be looked at closer when a text gets there, or null. */
  private final int[][] candidates;

  private WordFinder(List<Word> words, int columnCount, char[] columns) {
    this.columns = columns;
    int most = 1 + words.stream().mapToInt(word -> word.text().length()).sum();
    this.transitions = new Transitions(most, columnCount);
    this.fallback = new int[most];
    this.lowest = new int[most];
    this.candidates = new int[most][];
    this.fromRoot = new int[columnCount];
    Arrays.fill(lowest, NOTHING);
    List<List<Integer>> next = new ArrayList<>();
    next.add(new ArrayList<>());
    for (Word word : words) {
      add(word, next);
    }
    connect(next);
  }

  /**
   * A word.
   *
   * @param text what to find, not empty
   * @param value what {@link #lowest} answers for it, or {@link #NOTHING} for a candidate
   * @param candidate what is told of the places where it stands, or -1
   */
  record Word(String text, int value, int candidate) {}

  static WordFinder of(List<Word> words) {
    char[] columns = new char[Character.MAX_VALUE + 1];
    int count = 1;
    for (Word word : words) {
      for (int i = 0; i < word.text().length(); i++) {
        char c = folded(word.text().charAt(i));
        if (columns[c] == 0) {
          columns[c] = (char) count++;
        }
      }
    }
    for (int c = 0; c < columns.length; c++) {
      columns[c] = columns[folded((char) c)];
    }
    return new WordFinder(words, count, columns);
  }

  /**
   * The lowest value of the words in the text, or {@link #NOTHING}.
   *
   * @param closer is told every candidate that stands somewhere, once for each place
   */
  int lowest(String text, IntConsumer closer) {
    int value = NOTHING;
    int state = ROOT;
    for (int i = 0; i < text.length(); i++) {
      state = after(state, columns[text.charAt(i)]);
      if (lowest[state] < value) {
        value = lowest[state];
      }
      if (candidates[state] != null) {
        for (int candidate : candidates[state]) {
          closer.accept(candidate);
        }
      }
    }
    return value;
  }

  private int after(int state, char column) {
    int from = state;
    while (from != ROOT) {
      int to = transitions.get(from, column);
      if (to != ROOT) {
        return to;
      }
      from = fallback[from];
    }
    return fromRoot[column];
  }

  private static char folded(char c) {
    return AsciiCase.lower(c);
  }

  private void add(Word word, List<List<Integer>> next) {
    int state = ROOT;
    for (int i = 0; i < word.text().length(); i++) {
      char column = columns[word.text().charAt(i)];
      int to = state == ROOT ? fromRoot[column] : transitions.get(state, column);
      if (to == ROOT) {
        to = next.size();
        next.add(new ArrayList<>());
        next.get(state).add((int) column);
        if (state == ROOT) {
          fromRoot[column] = to;
        } else {
          transitions.put(state, column, to);
        }
      }
      state = to;
    }
    lowest[state] = Math.min(lowest[state], word.value());
    if (word.candidate() >= 0) {
      candidates[state] = joined(candidates[state], new int[] {word.candidate()});
    }
  }

  /** Breadth first: what a state falls back to is nearer to the root, and known already. */
  private void connect(List<List<Integer>> next) {
    Queue<Integer> states = new ArrayDeque<>();
    next.get(ROOT).forEach(column -> states.add(fromRoot[column]));
    while (!states.isEmpty()) {
      int state = states.remove();
      int back = fallback[state];
      lowest[state] = Math.min(lowest[state], lowest[back]);
      candidates[state] = joined(candidates[state], candidates[back]);
      for (int column : next.get(state)) {
        int to = transitions.get(state, (char) column);
        fallback[to] = after(back, (char) column);
        states.add(to);
      }
    }
  }

  private static int[] joined(int[] some, int[] others) {
    if (some == null || others == null) {
      return some == null ? others : some;
    }
    int[] both = Arrays.copyOf(some, some.length + others.length);
    System.arraycopy(others, 0, both, some.length, others.length);
    return both;
  }

  /** From a state by a column to a state: a hash table, since most states have one way on. */
  private static final class Transitions {
    private final long[] keys;
    private final int[] targets;
    private final int mask;
    private final int columnCount;

    Transitions(int most, int columnCount) {
      int size = Integer.highestOneBit(Math.max(8, most)) * 4;
      this.keys = new long[size];
      this.targets = new int[size];
      this.mask = size - 1;
      this.columnCount = columnCount;
    }

    int get(int state, char column) {
      long key = (long) state * columnCount + column;
      int at = place(key);
      while (targets[at] != ROOT && keys[at] != key) {
        at = at + 1 & mask;
      }
      return targets[at];
    }

    void put(int state, char column, int target) {
      long key = (long) state * columnCount + column;
      int at = place(key);
      while (targets[at] != ROOT) {
        at = at + 1 & mask;
      }
      keys[at] = key;
      targets[at] = target;
    }

    private int place(long key) {
      return (int) (key * 0x9E3779B97F4A7C15L >>> 40) & mask;
    }
  }
}
