package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PayloadPropertiesTest {

  @Example
  void aMarkOfUtf16IsNamedAsThat() {
    takesForUtf8WhatTheJdkTakesForUtf8(0, new byte[] {(byte) 0xFF, (byte) 0xFE}, 3);
    takesForUtf8WhatTheJdkTakesForUtf8(0, new byte[] {(byte) 0xFE, (byte) 0xFF}, 0);
  }

  @Property(tries = 5_000)
  void takesForUtf8WhatTheJdkTakesForUtf8(
      @ForAll @IntRange(min = 0, max = 20) int before,
      @ForAll @Size(min = 1, max = 6) byte[] bytes,
      @ForAll @IntRange(min = 0, max = 20) int after) {
    ByteBuffer value = ByteBuffer.allocate(before + bytes.length + after);
    value.put("x".repeat(before).getBytes(StandardCharsets.US_ASCII));
    for (byte one : bytes) {
      // Every byte but the high ones is plain, so that encoding is all that can be wrong.
      value.put(one >= 0 ? (byte) 'x' : one);
    }
    value.put("x".repeat(after).getBytes(StandardCharsets.US_ASCII));

    assertThat(refusedEncoding(value.array())).isEqualTo(expected(value.array()));
  }

  private static RejectionReason expected(byte[] value) {
    if (isMarkedAsUtf16(value)) {
      return RejectionReason.WRONG_ENCODING;
    }
    return isUtf8(value) ? null : RejectionReason.MALFORMED_UTF8;
  }

  /** Neither byte of the mark can be in UTF-8. */
  private static boolean isMarkedAsUtf16(byte[] value) {
    if (value.length < 2) {
      return false;
    }
    int mark = (value[0] & 0xFF) << 8 | value[1] & 0xFF;
    return mark == 0xFEFF || mark == 0xFFFE;
  }

  private static boolean isUtf8(byte[] value) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** The reason if the encoding is what is wrong with a value, else null. */
  private static RejectionReason refusedEncoding(byte[] value) {
    try {
      Payload.isPlain(value);
      return null;
    } catch (RejectedException e) {
      RejectionReason reason = e.rejection().reason();
      return reason == RejectionReason.BYTE_ORDER_MARK ? null : reason;
    }
  }
}
