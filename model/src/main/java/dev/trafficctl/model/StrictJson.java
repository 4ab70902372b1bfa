package dev.trafficctl.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;

/**
 * Opens JSON texts, which must be JSON strictly as RFC 8259 has it. What is passed over in them may
 * be of any size, but nothing of it is kept. Not thread-safe.
 */
final class StrictJson {
  /** How deep arrays and objects may be in each other: a level takes 60 bytes of memory. */
  static final int MAX_DEPTH = 100_000;

  /** The longest string that is looked at, in characters. */
  static final int MAX_STRING = 1 << 20;

  /**
   * The longest name that may stay in Jackson's table of names, in bytes of UTF-8; the table holds
   * thousands of them, of all texts so far.
   */
  static final int LONGEST_NAME = 1_024;

  private JsonFactory factory = newFactory();
  private boolean forgets;

  private static JsonFactory newFactory() {
    return JsonFactory.builder()
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        // A full symbol table starts anew; names of earlier events must not fail this one.
        .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxStringLength(MAX_STRING)
                .maxNameLength(Integer.MAX_VALUE)
                .maxNumberLength(Integer.MAX_VALUE)
                .maxNestingDepth(MAX_DEPTH)
                .build())
        .build();
  }

  /**
   * Opens a text.
   *
   * @param utf8 the text, in well-formed UTF-8
   * @param trusted whether no string of it needs to be looked at
   */
  JsonText open(byte[] utf8, boolean trusted) throws IOException {
    renew();
    return new JsonText(this, factory.createParser(utf8), trusted);
  }

  /** Opens a text that another one holds; nothing in it is trusted. */
  JsonText open(String text) throws IOException {
    return new JsonText(this, factory.createParser(text), false);
  }

  /** Has the names that were met forgotten before the next text. */
  void forgetNames() {
    forgets = true;
  }

  private void renew() {
    if (forgets) {
      factory = newFactory();
      forgets = false;
    }
  }
}
