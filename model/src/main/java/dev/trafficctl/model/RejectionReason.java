package dev.trafficctl.model;

import java.util.Locale;

/**
 * The kinds of defect for which an event is rejected. An event with several defects has the reason
 * of the first one met.
 */
public enum RejectionReason {
  /** The value has more bytes than an event may have. */
  TOO_LARGE,
  /** The record has no value: a tombstone. */
  NULL_VALUE,
  /** The value has no bytes. */
  EMPTY_VALUE,
  /** The value has nothing but white space. */
  BLANK_VALUE,
  /** The value starts with the signature of gzip. */
  COMPRESSED_VALUE,
  /** The value starts with the magic byte and schema id of Confluent's serializers. */
  SCHEMA_REGISTRY_VALUE,
  /** The value starts with the byte order mark of UTF-8. */
  BYTE_ORDER_MARK,
  /** The value is UTF-16 or UTF-32; JSON between systems is UTF-8 (RFC 8259, section 8.1). */
  WRONG_ENCODING,
  /** The value has bytes that no UTF-8 text has: overlong forms and encoded surrogates too. */
  MALFORMED_UTF8,
  /** The value has a raw byte 0, which JSON text never has. */
  NUL_BYTE,
  /** The value ends in the middle of the JSON text. */
  TRUNCATED,
  /** The value breaks the grammar of JSON. {@code NaN} and {@code Infinity} do. */
  MALFORMED_JSON,
  /** Something that is not JSON follows the event. */
  TRAILING_GARBAGE,
  /** A second JSON text follows the event: one record carries one event. */
  SECOND_DOCUMENT,
  /** The value is JSON, but no object. */
  NOT_AN_OBJECT,
  /** A field that an event does not have, where {@link UnknownFields} are rejected. */
  UNKNOWN_FIELD,
  /** The same field, or the same geographic header, twice. */
  DUPLICATE_FIELD,
  /** A required field is not there. */
  MISSING_FIELD,
  /** A required field is null. */
  NULL_FIELD,
  /** A required field is the empty string. */
  EMPTY_FIELD,
  /** A field or a geographic header of another JSON type than it must have. */
  WRONG_TYPE,
  /** An array or object deeper than an event goes, or than the limit. */
  TOO_DEEP,
  /** Only in rows of jobs that had a limit for the names of fields and headers. */
  NAME_TOO_LONG,
  /** A string is longer than the limit. */
  STRING_TOO_LONG,
  /** More header values than the limit. */
  TOO_MANY_HEADERS,
  /** The character U+0000 in a string, which Postgres cannot store. */
  NUL_CHARACTER,
  /** Half a surrogate pair in a string or name: no character, and not to be encoded in UTF-8. */
  LONE_SURROGATE,
  /** A control character of ASCII, which cannot be in an HTTP field (RFC 9110, section 5.5). */
  CONTROL_CHARACTER,
  /** {@code ip} is no IPv4 or IPv6 address. */
  INVALID_IP,
  /** {@code event_time} is no time that {@link EventTimeFormat} has, or none that exists. */
  INVALID_EVENT_TIME,
  /** Only in rows of jobs that took no {@code event_time} finer than microseconds. */
  EVENT_TIME_TOO_FINE,
  /** {@code event_time} is before 1970 or after the year 9999. */
  EVENT_TIME_OUT_OF_RANGE,
  /** {@code event_time} is further ahead of Kafka's own timestamp than allowed. */
  EVENT_TIME_AHEAD;

  private final String code = name().toLowerCase(Locale.ROOT);

  /** Whether one of the reasons is stored and counted under this name, which may be null. */
  public static boolean isCode(String code) {
    for (RejectionReason reason : values()) {
      if (reason.code.equals(code)) {
        return true;
      }
    }
    return false;
  }

  /** The name under which rejections are stored and counted, such as {@code null_value}. */
  public String code() {
    return code;
  }
}
