package dev.trafficctl.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * One JSON text, read in one pass. Methods throw Jackson's exceptions where it is no JSON, and
 * where it is deeper than {@link StrictJson#MAX_DEPTH}.
 */
final class JsonText implements AutoCloseable {
  private final StrictJson json;
  private final JsonParser parser;
  private final boolean trusted;

  JsonText(StrictJson json, JsonParser parser, boolean trusted) {
    this.json = json;
    this.parser = parser;
    this.trusted = trusted;
  }

  /** The next token, or null at the end. */
  JsonToken next() throws IOException {
    return parser.nextToken();
  }

  /** The next name of the object, or null at its end. */
  String nextName() throws IOException {
    String name = parser.nextFieldName();
    if (name != null) {
      met(name.length());
    }
    return name;
  }

  private void met(int nameLength) {
    if (nameLength > StrictJson.LONGEST_NAME) {
      json.forgetNames();
    }
  }

  /** Passes over the next value, whatever its type, size and content. */
  void skip() throws IOException {
    next();
    skipRest();
  }

  /** Passes over the rest of the value whose first token was read. */
  void skipRest() throws IOException {
    int depth = parser.currentToken().isStructStart() ? 1 : 0;
    while (depth > 0) {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.FIELD_NAME) {
        met(parser.getTextLength());
      } else if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      }
    }
  }

  /**
   * The current string, which can be stored as it is.
   *
   * @param tabAllowed whether a horizontal tab may be in it
   * @param where names the string in a detail
   * @throws RejectedException as {@link Characters#check} does
   */
  String string(boolean tabAllowed, Supplier<String> where) throws IOException, RejectedException {
    String text = unchecked(where);
    check(text, tabAllowed, where);
    return text;
  }

  /**
   * The current string, whatever its characters.
   *
   * @throws RejectedException if it is longer than {@link StrictJson#MAX_STRING}
   */
  String unchecked(Supplier<String> where) throws IOException, RejectedException {
    try {
      return parser.getText();
    } catch (StreamConstraintsException e) {
      throw Characters.tooLong(where);
    }
  }

  /** Refuses a string of this text that cannot be stored as it is. */
  void check(String text, boolean tabAllowed, Supplier<String> where) throws RejectedException {
    if (!trusted) {
      Characters.check(text, tabAllowed, where);
    }
  }

  /** How long the current number is, in characters. */
  int numberLength() throws IOException {
    return parser.getTextLength();
  }

  /** The current number as it is written. */
  String number() throws IOException {
    return parser.getText();
  }

  /** The number of bytes before the next token. */
  long position() {
    return parser.currentLocation().getByteOffset();
  }

  /** The number of bytes before the current token. */
  long tokenPosition() {
    return parser.currentTokenLocation().getByteOffset();
  }

  /** What a value is whose first token this is, for a detail. */
  static String describe(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      default -> throw new IllegalArgumentException("No value starts with " + token);
    };
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
