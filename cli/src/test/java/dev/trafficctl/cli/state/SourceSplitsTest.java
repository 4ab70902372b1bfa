package dev.trafficctl.cli.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SourceSplitsTest {
  @Test
  void readsASplitAsTheConnectorWritesIt() throws Exception {
    assertThat(SourceSplits.split(StateFixture.split(0, 3, 12)))
        .isEqualTo(new SourceSplit("web traffic", 3, 12));
  }

  @Test
  void leavesTheFormOfAnotherVersionAlone() throws Exception {
    assertThat(SourceSplits.split(StateFixture.split(1, 3, 12))).isNull();
  }

  @Test
  void saysThatASplitIsCutOff() throws Exception {
    byte[] split = StateFixture.split(0, 3, 12);
    assertThatThrownBy(() -> SourceSplits.split(Arrays.copyOf(split, split.length - 1)))
        .isInstanceOf(EOFException.class);
  }
}
