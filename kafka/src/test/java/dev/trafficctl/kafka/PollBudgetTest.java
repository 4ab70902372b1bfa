package dev.trafficctl.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class PollBudgetTest {
  private static final int MIB = 1 << 20;

  private final PollBudget.Value value = new PollBudget.Value();
  private final PollBudget.Refill refill = new PollBudget.Refill();
  private final Headers none = new RecordHeaders();

  PollBudgetTest() {
    Properties properties = new Properties();
    new PollBudget(4 * MIB, MIB).applyTo(properties);
    Map<String, Object> configuration = new HashMap<>();
    properties.forEach((name, given) -> configuration.put((String) name, given));
    value.configure(configuration, false);
    refill.configure(configuration);
  }

  private byte[] take(int bytes) {
    return value.deserialize("t", none, ByteBuffer.allocate(bytes));
  }

  @Test
  void aPollTakesSixteenMebibytesAndTheNextOneTheRest() {
    for (int i = 0; i < 16; i++) {
      assertThat(take(MIB)).hasSize(MIB);
    }
    assertThatThrownBy(() -> take(1)).hasMessageContaining("comes with the next one");
    assertThatThrownBy(() -> take(1)).hasMessageContaining("comes with the next one");
    refill.onConsume(ConsumerRecords.empty());
    assertThat(take(1)).hasSize(1);
  }

  @Test
  void aValueThatIsNotAloneInItsArrayIsCopied() {
    ByteBuffer part = ByteBuffer.wrap(new byte[] {1, 2, 3, 4}, 1, 2);
    assertThat(value.deserialize("t", none, part)).containsExactly(2, 3);
    assertThat(value.deserialize("t", none, part.slice())).containsExactly(2, 3);
    assertThat(value.deserialize("t", none, part.asReadOnlyBuffer())).containsExactly(2, 3);
  }

  @Test
  void otherInterceptorsStay() {
    Properties properties = new Properties();
    properties.setProperty("interceptor.classes", "a.B");
    new PollBudget(1, 1).applyTo(properties);
    assertThat(properties.getProperty("interceptor.classes"))
        .isEqualTo("a.B," + PollBudget.Refill.class.getName());
  }

  @Test
  void aValueThatIsNotThereStaysSo() {
    assertThat(value.deserialize("t", none, (ByteBuffer) null)).isNull();
  }
}
