package dev.trafficctl.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
  private static final long PID = ProcessHandle.current().pid();
  private static final Instant START = ProcessHandle.current().info().startInstant().orElseThrow();

  @TempDir Path directory;

  @Test
  void theRecordedProcessIsFound() throws Exception {
    PidFile read = PidFile.read(file(PID + " " + START.getEpochSecond() + "\n")).orElseThrow();

    assertThat(read.process()).map(OsProcess::pid).hasValue(PID);
  }

  @Test
  void aProcessThatWasGivenTheSameNumberLaterIsAnother() throws Exception {
    long earlier = START.minusSeconds(60).getEpochSecond();
    PidFile read = PidFile.read(file(PID + " " + earlier + "\n")).orElseThrow();

    assertThat(read.process()).isEmpty();
  }

  @Test
  void aProcessThatEndedIsGone() throws Exception {
    Process process = new ProcessBuilder("true").start();
    Instant start = Instant.now();
    process.waitFor();

    assertThat(new PidFile(process.pid(), start).process()).isEmpty();
  }

  @Test
  void theFileOfPostgresIsRead() throws Exception {
    Path file = file("4711\n/some/data\n1700000000\n5432\n");

    assertThat(PidFile.readPostgres(file))
        .hasValue(new PidFile(4711, Instant.ofEpochSecond(1_700_000_000)));
  }

  @Test
  void anUnfinishedFileNamesNoProcess() throws Exception {
    assertThat(PidFile.read(file("47"))).isEqualTo(Optional.empty());
    assertThat(PidFile.readPostgres(file("47\n"))).isEqualTo(Optional.empty());
    assertThat(PidFile.read(directory.resolve("missing"))).isEqualTo(Optional.empty());
  }

  private Path file(String content) throws Exception {
    return Files.writeString(directory.resolve("a.pid"), content);
  }
}
