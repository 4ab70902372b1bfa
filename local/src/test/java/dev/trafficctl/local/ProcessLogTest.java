package dev.trafficctl.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLogTest {
  @Test
  void theLastLineThatReportsTroubleIsChosen() {
    String text =
        """
        2026-01-01 INFO  starting
        2026-01-01 ERROR could not bind
        java.io.IOException: outer
        \tat Some.method(Some.java:1)
        Caused by: java.net.BindException: Address already in use
        \t... 3 more
        2026-01-01 INFO  shut down
        """;

    assertThat(ProcessLog.lastMeaningful(text))
        .isEqualTo("Caused by: java.net.BindException: Address already in use");
  }

  @Test
  void withoutTroubleItIsTheLastLineWithText() {
    assertThat(ProcessLog.lastMeaningful("first\nsecond\n\tat Some.method(Some.java:1)\n \n"))
        .isEqualTo("second");
  }

  @Test
  void silenceIsSaid() {
    assertThat(ProcessLog.lastMeaningful(" \n")).isEqualTo("it said nothing");
  }

  @Test
  void aLongLineIsCut() {
    assertThat(ProcessLog.lastMeaningful("x".repeat(301))).isEqualTo("x".repeat(300) + "…");
  }

  @Test
  void whatWasThereBeforeIsNotRead(@TempDir Path directory) throws Exception {
    Path log = Files.writeString(directory.resolve("a.log"), "old\n");
    long before = ProcessLog.length(log);
    Files.writeString(log, "old\nnew\n");

    assertThat(ProcessLog.read(log, before)).isEqualTo("new\n");
  }
}
