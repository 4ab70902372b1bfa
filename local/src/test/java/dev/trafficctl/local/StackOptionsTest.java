package dev.trafficctl.local;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StackOptionsTest {
  @Test
  void aNumberOutOfItsRangeIsRefused() {
    assertThatThrownBy(() -> StackOptions.defaults().withTaskManagers(0))
        .isInstanceOf(StackException.class)
        .hasMessage("--taskmanagers must be 1 or more, not 0");
    assertThatThrownBy(() -> new StackOptions(1, 2, Security.PLAINTEXT, 0, 65_536, 0))
        .isInstanceOf(StackException.class)
        .hasMessage("--postgres-port must be a port, 0 (any free one) to 65535, not 65536");
  }
}
