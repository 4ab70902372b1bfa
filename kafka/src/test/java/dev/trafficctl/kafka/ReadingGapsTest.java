package dev.trafficctl.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReadingGapsTest {
  @Test
  void saysOfEachPartitionWhyItCannotBeReadOn() {
    ReadingGaps gaps =
        ReadingGaps.of(
            new TreeMap<>(Map.of(0, 5L, 1, LostOffsets.BEGINNING, 2, 30L, 3, 7L, 4, 8L)),
            Map.of(0, 5L, 1, 500L, 2, 0L, 4, 0L),
            Map.of(0, 9L, 1, 1_000L, 2, 29L, 4, 8L));

    assertThat(gaps.lines())
        .containsExactly(
            "partition 1 has lost offsets 0 to 499 (500 offsets), they were deleted before they"
                + " were read",
            "partition 2 ends at offset 29, before offset 30 where reading would go on",
            "partition 3 no longer exists");
    assertThat(gaps.words())
        .isEqualTo(
            "partition 1 has lost offsets 0 to 499 (500 offsets), they were deleted before they"
                + " were read; partition 2 ends at offset 29, before offset 30 where reading would"
                + " go on; partition 3 no longer exists; whether events or only marks of"
                + " transactions were there can no longer be known");
    assertThat(gaps.left()).isEmpty();
  }

  @Test
  void saysWhereWhatIsLeftBeginsIfNothingElseIsWrong() {
    Map<Integer, Long> starts = Map.of(0, 5L, 1, 101L);

    assertThat(ReadingGaps.of(Map.of(0, 7L, 1, 100L), starts, Map.of(0, 9L, 1, 101L)).left())
        .hasValue(new TreeMap<>(Map.of(0, 7L, 1, 101L)));
    assertThat(ReadingGaps.of(Map.of(0, 10L, 1, 100L), starts, Map.of(0, 9L, 1, 101L)).left())
        .isEmpty();
  }

  @Test
  void saysNothingOfWhatWasDeletedWhereNothingWas() {
    assertThat(ReadingGaps.of(Map.of(0, 7L), Map.of(0, 7L), Map.of(0, 7L)).words()).isEmpty();
    assertThat(ReadingGaps.of(Map.of(0, 8L), Map.of(0, 7L), Map.of(0, 7L)).words())
        .isEqualTo("partition 0 ends at offset 7, before offset 8 where reading would go on");
  }

  @Test
  void countsWhatIsLost() {
    LostOffsets lost = LostOffsets.between(3, 5, 1_235).orElseThrow();

    assertThat(lost.count()).isEqualTo(1_230);
    assertThat(lost.brief()).isEqualTo("lost offsets 5 to 1234 (1,230)");
    assertThat(LostOffsets.between(3, 5, 5)).isEmpty();
    LostOffsets one = LostOffsets.between(3, 5, 6).orElseThrow();
    assertThat(one.brief()).isEqualTo("lost offset 5");
    assertThat(one.words())
        .isEqualTo("partition 3 has lost offset 5, it was deleted before it was read");
  }

  @Test
  void eventsSinceATimeMayBeLostWhereNothingOlderIsLeftOfALogThatWasCut() {
    assertThat(LostOffsets.maySince(5, 5, 5)).isTrue();
    // The log begins with offsets that hold no event.
    assertThat(LostOffsets.maySince(5, 7, 7)).isTrue();
    assertThat(LostOffsets.maySince(5, 7, 8)).isFalse();
    assertThat(LostOffsets.maySince(0, 7, 7)).isFalse();
  }
}
