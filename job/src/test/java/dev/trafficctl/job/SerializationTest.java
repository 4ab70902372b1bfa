package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.model.ProcessedEvent;
import dev.trafficctl.model.RejectedEvent;
import dev.trafficctl.model.TableNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.apache.flink.types.PojoTestUtils;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class SerializationTest {
  private static final String PASSWORD = "canary-5f1c";

  @Test
  void processedEventIsSerializedAsPojo() {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(ProcessedEvent.class);
  }

  @Test
  void rejectedEventIsSerializedAsPojo() {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(RejectedEvent.class);
  }

  @Test
  void sinksTravelWithoutThePassword() throws Exception {
    PostgresConnectionProvider connections =
        new PostgresConnectionProvider(
            "jdbc:postgresql://127.0.0.1:1/none", "traffic", "write", name -> PASSWORD);

    for (Serializable sink :
        new Serializable[] {
          new PostgresSink(connections, BatchLimits.DEFAULT, TableNames.DEFAULT),
          RejectSink.create(connections, TableNames.DEFAULT.rejected())
        }) {
      String serialized = new String(serialize(sink), StandardCharsets.ISO_8859_1);
      assertThat(serialized).contains("jdbc:postgresql://127.0.0.1:1/none");
      assertThat(serialized).doesNotContain(PASSWORD);
      assertThat(InstantiationUtil.clone(sink)).hasSameClassAs(sink);
    }
  }

  private static byte[] serialize(Serializable object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }
}
