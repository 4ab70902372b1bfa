package dev.trafficctl.model;

import dev.trafficctl.model.WordFinder.Word;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/**
 * Texts to look for anywhere in a user agent and texts for the whole of it, without case, and
 * entries of the {@link CrawlerList}, with case. All are looked for in one pass; what takes more
 * than finding a word is compared where its word is found, and once.
 */
final class UserAgentPatterns implements PatternSet {
  private final List<Word> words = new ArrayList<>();
  private final List<Candidate> candidates = new ArrayList<>();
  private volatile WordFinder finder;

  private record Candidate(Predicate<String> condition, int rule) {}

  @Override
  public void add(String pattern, int rule) {
    if (pattern.isBlank()) {
      throw new IllegalArgumentException(
          "is blank, which nearly every user agent contains; write a text or remove it");
    }
    UserAgentText.requireAnywhere(pattern);
    words.add(new Word(pattern, rule, -1));
  }

  /**
   * Adds a text that is compared with the whole user agent; one that ends in {@code *} with its
   * beginning.
   *
   * @throws IllegalArgumentException if nothing is left to compare, or all begin so; the message
   *     says what to do
   */
  void addWhole(String pattern, int rule) {
    boolean begins = pattern.endsWith("*");
    String text = begins ? pattern.substring(0, pattern.length() - 1) : pattern;
    if (text.isBlank()) {
      throw new IllegalArgumentException("is blank; write a text or remove it");
    }
    if (begins) {
      UserAgentText.requireBeginning(text);
    } else {
      UserAgentText.requirePlain(text);
    }
    addCandidate(
        List.of(text),
        begins
            ? userAgent -> AsciiCase.startsAt(userAgent, 0, text)
            : userAgent -> AsciiCase.equal(userAgent, text),
        rule);
  }

  /** Adds an entry of the list. */
  void add(CrawlerList.Entry entry, int rule) {
    addCandidate(entry.pattern().words(), entry.pattern()::isIn, rule);
  }

  private void addCandidate(List<String> anyOf, Predicate<String> condition, int rule) {
    for (String word : anyOf) {
      words.add(new Word(word, WordFinder.NOTHING, candidates.size()));
    }
    candidates.add(new Candidate(condition, rule));
  }

  /** The first rule with something that the user agent contains, or {@link #NO_RULE}. */
  int match(String userAgent) {
    Closer closer = new Closer(userAgent);
    int rule = Math.min(finder().lowest(userAgent, closer), closer.rule);
    return rule == WordFinder.NOTHING ? NO_RULE : rule;
  }

  /** Made for the first user agent: a document is often read only to be checked. */
  private WordFinder finder() {
    WordFinder made = finder;
    if (made == null) {
      made = WordFinder.of(words);
      finder = made;
    }
    return made;
  }

  /** Compares the candidates whose word stands in a user agent. */
  private final class Closer implements IntConsumer {
    private final String userAgent;
    private BitSet compared;
    private int rule = WordFinder.NOTHING;

    Closer(String userAgent) {
      this.userAgent = userAgent;
    }

    @Override
    public void accept(int number) {
      Candidate candidate = candidates.get(number);
      if (candidate.rule() >= rule) {
        return;
      }
      if (compared == null) {
        compared = new BitSet(candidates.size());
      }
      if (!compared.get(number)) {
        compared.set(number);
        if (candidate.condition().test(userAgent)) {
          rule = candidate.rule();
        }
      }
    }
  }
}
