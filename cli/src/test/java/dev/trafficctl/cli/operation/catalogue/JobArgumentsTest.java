package dev.trafficctl.cli.operation.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.model.Setting;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobArgumentsTest {
  @Test
  void readsBothFormsAndTheDefault() {
    JobArguments arguments =
        new JobArguments(List.of("--kafka-topic=a=b", "--filter", "---\nhosts:\n"));
    assertThat(arguments.value(Setting.KAFKA_TOPIC)).contains("a=b");
    assertThat(arguments.value(Setting.FILTER)).contains("---\nhosts:\n");
    assertThat(arguments.value(Setting.JOB_NAME)).contains("traffic");
    assertThat(arguments.value(Setting.KAFKA_URL)).isEmpty();
  }

  @Test
  void changesOneAndKeepsTheOthers() {
    JobArguments arguments =
        new JobArguments(List.of("--kafka-topic", "clicks", "--batch-rows=10"));
    assertThat(arguments.with("batch-rows", "20").with("max-ahead", "1m").list())
        .containsExactly("--kafka-topic", "clicks", "--batch-rows", "20", "--max-ahead", "1m");
  }
}
