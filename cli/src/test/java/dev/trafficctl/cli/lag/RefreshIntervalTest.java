package dev.trafficctl.cli.lag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.flink.FlinkClient;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefreshIntervalTest {
  @ParameterizedTest
  @CsvSource({
    "1 min, PT1M",
    "1min, PT1M",
    "PT1M, PT1M",
    "60000 ms, PT1M",
    "60000, PT1M",
    "10 s, PT10S",
    "1 s, PT1S",
    "2 seconds, PT2S",
    "500 milli, PT0.5S",
    "1 h, PT1H",
    "3 d, PT72H",
    "99999999999 d, PT8760H",
    "' 5 s ', PT5S",
    // What Flink itself would not take.
    "'', PT10S",
    "soon, PT10S",
    "-1 s, PT10S",
    "PT-1S, PT10S",
    "99999999999999999999 d, PT10S",
  })
  void isReadAsFlinkReadsIt(String configured, Duration expected) {
    try (FakeFlink flink = new FakeFlink()) {
      flink.answer(
          "/jobmanager/config",
          "[{\"key\":\"metrics.fetcher.update-interval\",\"value\":\"" + configured + "\"}]");
      assertThat(RefreshInterval.ask(FlinkClient.at(flink.url(), new ShellCommands())))
          .isEqualTo(expected);
    }
  }
}
