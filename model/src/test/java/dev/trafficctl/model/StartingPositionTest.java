package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartingPositionTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "earliest",
        "latest",
        "committed",
        "committed:earliest",
        "committed:latest",
        "timestamp:2024-01-31T23:59:59.123Z",
        "offsets:0=5",
        "offsets:0=5,1=0,12=900000000000"
      })
  void readsBackWhatItWrites(String text) {
    assertThat(StartingPosition.parse(text).text()).isEqualTo(text);
  }

  @Test
  void readsOffsetsByPartition() {
    TreeMap<Integer, Long> expected = new TreeMap<>();
    expected.put(0, 17L);
    expected.put(1, 4L);

    assertThat(StartingPosition.parse("offsets:1=4,0=17"))
        .isEqualTo(new StartingPosition.Offsets(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "timestamp:2024-01-31T23:59:59Z, 2024-01-31T23:59:59Z",
    "timestamp:2024-02-01T01:59:59+02:00, 2024-01-31T23:59:59Z",
    "timestamp:1706745599123, 2024-01-31T23:59:59.123Z",
    "timestamp:1970-01-01T00:00:00Z, 1970-01-01T00:00:00Z"
  })
  void readsPointsInTime(String text, String instant) {
    assertThat(StartingPosition.parse(text))
        .isEqualTo(new StartingPosition.Timestamp(Instant.parse(instant)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "newest | 'newest' is not understood; give earliest, latest, committed, timestamp:<time> or"
            + " offsets:<partition>=<offset>,...",
        "earliest:3 | 'earliest:3' is not understood; nothing may follow it",
        "committed:never | 'committed:never' is not understood; after committed: comes earliest or"
            + " latest",
        "timestamp:1706745599 | timestamp '1706745599' looks like seconds; give epoch milliseconds:"
            + " 1706745599000",
        "timestamp:0 | timestamp '0' is 1970-01-01T00:00:00Z in epoch milliseconds, and nothing in"
            + " Kafka is so old; for the first event give earliest",
        "timestamp:99999999 | timestamp '99999999' is 1970-01-02T03:46:39.999Z in epoch"
            + " milliseconds, and nothing in Kafka is so old; for the first event give earliest",
        "timestamp:100000000 | timestamp '100000000' looks like seconds; give epoch milliseconds:"
            + " 100000000000",
        "timestamp:2024-01-31T23:59:59 | timestamp '2024-01-31T23:59:59' has no zone; in UTC it is"
            + " 2024-01-31T23:59:59Z",
        "timestamp:2024-01-31T23:59 | timestamp '2024-01-31T23:59' has no zone; in UTC it is"
            + " 2024-01-31T23:59:00Z",
        "timestamp:2024-01-31 23:59:59.5 | timestamp '2024-01-31 23:59:59.5' has no zone; in UTC it"
            + " is 2024-01-31T23:59:59.500Z",
        "timestamp:2024-01-31 | timestamp '2024-01-31' has no time of day and no zone; it begins in"
            + " UTC at 2024-01-31T00:00:00Z",
        "timestamp:noon | timestamp 'noon' is not understood; give ISO-8601 with a zone, such as"
            + " 2024-01-31T23:59:59Z, or epoch milliseconds",
        "timestamp:1969-12-31T23:59:59.999Z | timestamp '1969-12-31T23:59:59.999Z' lies before 1970;"
            + " for the first event give earliest",
        "timestamp:-0001-01-01T00:00:00+01:00 | timestamp '-0002-12-31T23:00:00Z' lies before 1970;"
            + " for the first event give earliest",
        "offsets:0=1,0=2 | partition 0 is given twice; give one offset for each partition",
        "offsets:0=-1 | '0=-1' is not <partition>=<offset>; give for example offsets:0=100,1=250"
      })
  void saysWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> StartingPosition.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
