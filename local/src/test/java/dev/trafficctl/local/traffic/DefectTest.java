package dev.trafficctl.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DefectTest {
  private static final EnumSet<Defect> NO_TEXT = EnumSet.of(Defect.TOMBSTONE, Defect.INVALID_UTF8);

  private static final String GOOD =
      "{'url':'/ä','host':'h','referrer':null,'user_agent':'u','ip':'84.1.2.3','headers':{},"
          + "'event_time':'2026-11-22T10:00:00.123Z'}";

  @Test
  void changesOneThing() {
    Map<Defect, String> expected = new EnumMap<>(Defect.class);
    expected.put(Defect.EMPTY, "");
    expected.put(Defect.BLANK, " \t\r\n ");
    expected.put(Defect.TRUNCATED, GOOD.substring(0, 83));
    expected.put(Defect.TRAILING_GARBAGE, GOOD + "}x");
    expected.put(Defect.TWO_DOCUMENTS, GOOD + GOOD);
    expected.put(Defect.TOP_LEVEL_ARRAY, "[" + GOOD + "]");
    expected.put(Defect.TOP_LEVEL_NUMBER, "42");
    expected.put(Defect.HTML, "<html><body>502 Bad Gateway</body></html>");
    expected.put(Defect.BYTE_ORDER_MARK, "\ufeff" + GOOD);
    expected.put(Defect.RAW_NUL, GOOD.replace("'/ä", "'\0/ä"));
    expected.put(Defect.ESCAPED_NUL, GOOD.replace("'/ä", "'\\u0000/ä"));
    expected.put(Defect.LONE_SURROGATE, GOOD.replace("'/ä", "'\\ud83d/ä"));
    expected.put(Defect.NOT_A_NUMBER, GOOD.replace("'h'", "NaN"));
    expected.put(Defect.SCHEMA_REGISTRY, "\0\0\0\0\7" + GOOD);
    expected.put(Defect.HEADERS_A_LIST, GOOD.replace("'headers'", "'headers':[],'more'"));
    expected.put(Defect.DUPLICATE_FIELD, GOOD.replace("'headers'", "'host':'x','headers'"));
    expected.put(Defect.URL_MISSING, GOOD.replace("'url':'/ä',", ""));
    expected.put(Defect.URL_A_NUMBER, GOOD.replace("'/ä'", "7"));
    expected.put(Defect.HOST_MISSING, GOOD.replace("'host':'h',", ""));
    expected.put(Defect.IP_MISSING, GOOD.replace("'ip':'84.1.2.3',", ""));
    expected.put(Defect.IP_A_NAME, GOOD.replace("84.1", "client-84.1"));
    expected.put(Defect.TIME_MISSING, GOOD.replace(",'event_time':'2026-11-22T10:00:00.123Z'", ""));
    expected.put(Defect.TIME_IN_WORDS, GOOD.replace("2026", "about 2026"));
    expected.put(Defect.TIME_IMPOSSIBLE, GOOD.replace("11-22", "02-30"));
    expected.put(Defect.TIME_FAR_AHEAD, GOOD.replace("2026", "2036"));

    Map<Defect, String> made = new EnumMap<>(Defect.class);
    for (Defect defect : EnumSet.complementOf(NO_TEXT)) {
      made.put(defect, text(defect));
    }

    assertThat(made).isEqualTo(expected);
  }

  @Test
  void makesWhatIsNoTextAtAll() {
    assertThat(Defect.TOMBSTONE.spoil(json(GOOD))).isNull();
    assertThat(Defect.INVALID_UTF8.spoil(json("{'url':'/'}")))
        .containsExactly('{', '"', 'u', 'r', 'l', '"', ':', '"', 0xc3, '(', '/', '"', '}');
  }

  private static String text(Defect defect) {
    return new String(defect.spoil(json(GOOD)), StandardCharsets.UTF_8).replace('"', '\'');
  }

  private static byte[] json(String quoted) {
    return quoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
