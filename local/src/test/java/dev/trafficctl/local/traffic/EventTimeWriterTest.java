package dev.trafficctl.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class EventTimeWriterTest {
  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private final EventTimeWriter eventTime = new EventTimeWriter();

  @Property
  void writesAnyTimeOfTheYears0To9999(
      @ForAll @LongRange(min = -62167219200000L, max = 253402300799999L) long millis) {
    String neighbour = text(millis ^ 1);
    String text = text(millis);

    assertThat(text).isEqualTo(ISO.format(Instant.ofEpochMilli(millis)));
    assertThat(neighbour).isEqualTo(ISO.format(Instant.ofEpochMilli(millis ^ 1)));
  }

  private String text(long millis) {
    return new String(eventTime.format(millis), StandardCharsets.US_ASCII);
  }
}
