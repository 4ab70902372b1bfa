package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableNamesTest {
  @Test
  void theDefaultHasTheNamesOfTheSchema() {
    assertThat(TableNames.parse("processed_events")).isEqualTo(TableNames.DEFAULT);
    assertThat(TableNames.DEFAULT.all())
        .containsExactly("sources", "processed_events", "rejected_events");
    assertThat(TableNames.DEFAULT.apply()).isEqualTo("trafficctl schema apply");
  }

  @Test
  void anotherTableHasItsRejectedEventsBesideIt() {
    TableNames names = TableNames.parse("It's mine");

    assertThat(names.all()).containsExactly("sources", "It's mine", "It's mine_rejected");
    assertThat(names.apply()).isEqualTo("trafficctl schema apply --table 'It'\\''s mine'");
  }

  @ValueSource(
      strings = {
        "Processed_Events",
        "a b",
        "\"",
        "'; DROP TABLE x; --",
        "?",
        "{}",
        "%s",
        "\\",
        "$1"
      })
  @ParameterizedTest
  void whatPostgresTakesIsTaken(String name) {
    assertThat(TableNames.parse(name).events()).isEqualTo(name);
  }

  @Test
  void theLongestNameLeavesRoomForThatOfItsRejectedEvents() {
    String longest = "ж".repeat(27);

    assertThat(TableNames.parse(longest).rejected()).hasSize(27 + 9);
    refuses(
        longest + "x",
        "'%sx' has 55 bytes; give a name of at most 54, so that Postgres has room for _rejected behind it"
            .formatted(longest));
  }

  @Test
  void whatIsNoNameOfATableOfEventsIsRefused() {
    refuses(
        "app.events",
        "'app.events' has a dot; give the name of the table alone, and its schema as"
            + " ?currentSchema=... in --postgres-url");
    for (String name : List.of("a\0b", "a\u001b[2J", "a\u0085", "\uD800")) {
      refuses(name, "has a control character or half a surrogate pair; give a name without them");
    }
    for (String name : List.of("sources", "rejected_events", "events_rejected")) {
      refuses(
          name,
          "'%s' is the name of a table that is not one of events; give another".formatted(name));
    }
    refuses("--x", "'--x' begins with a dash; give another");
  }

  private static void refuses(String name, String words) {
    assertThatThrownBy(() -> TableNames.parse(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(words);
  }

  @Test
  void anIdentifierIsQuoted() {
    assertThat(TableNames.quoted("Say \"hi\"")).isEqualTo("\"Say \"\"hi\"\"\"");
  }
}
