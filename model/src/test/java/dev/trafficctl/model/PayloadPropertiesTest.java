package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PayloadPropertiesTest {

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

    assertThat(isRefusedAsMalformed(value.array())).isEqualTo(!isUtf8(value.array()));
  }

  private static boolean isUtf8(byte[] value) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static boolean isRefusedAsMalformed(byte[] value) {
    try {
      Payload.isPlain(value);
      return false;
    } catch (RejectedException e) {
      return e.rejection().reason() == RejectionReason.MALFORMED_UTF8;
    }
  }
}
