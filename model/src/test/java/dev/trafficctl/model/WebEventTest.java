package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WebEventTest {
  private static WebEvent event(byte... ip) {
    return new WebEvent(ip, 1_706_745_599_123_456L, null, "example.com", "/a", "{}", "curl/8.5");
  }

  @Test
  void comparesAddressesByTheirBytes() {
    assertThat(event((byte) 10, (byte) 0, (byte) 0, (byte) 1))
        .isEqualTo(event((byte) 10, (byte) 0, (byte) 0, (byte) 1))
        .hasSameHashCodeAs(event((byte) 10, (byte) 0, (byte) 0, (byte) 1))
        .isNotEqualTo(event((byte) 10, (byte) 0, (byte) 0, (byte) 2));
  }

  @Test
  void printsAddressAndTimeForPeople() {
    assertThat(event((byte) 10, (byte) 0, (byte) 0, (byte) 1).toString())
        .startsWith(
            "WebEvent[ip=10.0.0.1, eventTime=2024-01-31T23:59:59.123456Z, referrer=null,"
                + " host=example.com, url=/a, geodata={}, userAgent=curl/8.5")
        .endsWith("]");
  }
}
