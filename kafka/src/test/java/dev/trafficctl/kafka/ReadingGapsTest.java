package dev.trafficctl.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReadingGapsTest {
  @Test
  void saysOfEachPartitionWhyItCannotBeReadOn() {
    assertThat(
            ReadingGaps.of(
                new TreeMap<>(Map.of(0, 5L, 1, LostOffsets.BEGINNING, 2, 30L, 3, 7L, 4, 8L)),
                Map.of(0, 5L, 1, 500L, 2, 0L, 4, 0L),
                Map.of(0, 9L, 1, 1_000L, 2, 29L, 4, 8L)))
        .containsExactly(
            "partition 1 has lost offsets 0 to 499 (500 offsets), they were deleted before they"
                + " were read",
            "partition 2 ends at offset 29, before offset 30 where reading would go on",
            "partition 3 no longer exists");
  }

  @Test
  void countsWhatIsLost() {
    LostOffsets lost = LostOffsets.between(3, 5, 1_235).orElseThrow();

    assertThat(lost.count()).isEqualTo(1_230);
    assertThat(lost.brief()).isEqualTo("lost offsets 5 to 1234 (1,230)");
    assertThat(LostOffsets.between(3, 5, 5)).isEmpty();
  }
}
