package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.model.WordFinder.Word;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class WordFinderTest {
  @Property
  void findsTheWordsThatAreThere(
      @ForAll("manyWords") List<String> words, @ForAll("texts") String text) {
    List<Word> asked = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      boolean candidate = i % 2 == 1;
      asked.add(new Word(words.get(i), candidate ? WordFinder.NOTHING : i, candidate ? i : -1));
    }
    Set<Integer> candidates = new HashSet<>();

    int lowest = WordFinder.of(asked).lowest(text, candidates::add);

    List<Integer> there =
        IntStream.range(0, words.size())
            .filter(i -> AsciiCase.lower(text).contains(AsciiCase.lower(words.get(i))))
            .boxed()
            .toList();
    assertThat(lowest)
        .isEqualTo(there.stream().filter(i -> i % 2 == 0).findFirst().orElse(WordFinder.NOTHING));
    assertThat(candidates)
        .containsExactlyInAnyOrderElementsOf(there.stream().filter(i -> i % 2 == 1).toList());
  }

  @Provide
  Arbitrary<List<String>> manyWords() {
    return Arbitraries.strings()
        .withChars("aAbBä/\u0416")
        .ofMinLength(1)
        .ofMaxLength(4)
        .list()
        .ofMaxSize(12);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("aAbBä/\u0436x\uffff").ofMaxLength(30);
  }

  /** Reporting each word at each place would be 2,000 times as much work. */
  @Test
  void readsATextOnceHoweverItsWordsOverlap() {
    List<Word> nested =
        IntStream.rangeClosed(1, 2_000).mapToObj(i -> new Word("a".repeat(i), i, -1)).toList();
    WordFinder finder = WordFinder.of(nested);
    String text = "a".repeat(5_000_000);

    long start = System.nanoTime();
    assertThat(finder.lowest(text, candidate -> {})).isEqualTo(1);
    assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
  }
}
