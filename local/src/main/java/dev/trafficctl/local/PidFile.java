package dev.trafficctl.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A process as it was recorded when it started. The time of its start tells it from a later process
 * that was given the same number.
 *
 * @param pid its process id
 * @param start when it started, to the second
 */
record PidFile(long pid, Instant start) {
  // The kernel counts in ticks since boot, and the clock may have been set since.
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

  /** Reads {@code PID SECONDS}, as the launching shell writes it. */
  static Optional<PidFile> read(Path file) {
    return read(file, 0, 1);
  }

  /**
   * Reads the file that a Postgres server keeps in its data directory: its pid is the first line,
   * the time of its start the third.
   */
  static Optional<PidFile> readPostgres(Path file) {
    return read(file, 0, 2);
  }

  private static Optional<PidFile> read(Path file, int pid, int start) {
    try {
      String[] fields = Files.readString(file).strip().split(start == 1 ? " " : "\n");
      return Optional.of(
          new PidFile(
              Long.parseLong(fields[pid].strip()),
              Instant.ofEpochSecond(Long.parseLong(fields[start].strip()))));
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** The recorded process, unless it is gone. */
  Optional<OsProcess> process() {
    return ProcessHandle.of(pid)
        .filter(
            process ->
                process
                    .info()
                    .startInstant()
                    .map(instant -> Duration.between(instant, start).abs())
                    .filter(gap -> gap.compareTo(CLOCK_TOLERANCE) <= 0)
                    .isPresent())
        .map(OsProcess::new)
        .filter(OsProcess::isAlive);
  }
}
