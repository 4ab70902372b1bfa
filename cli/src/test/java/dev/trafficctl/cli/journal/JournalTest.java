package dev.trafficctl.cli.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final String FLINK = "http://127.0.0.1:8081/";
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final Asked ASKED =
      new Asked(
          "savepoint",
          FLINK,
          "local",
          new JobId("0123456789abcdef0123456789abcdef"),
          "traffic",
          Map.of("trigger", "ff", "to", "/a b;ü\u001b"));

  @TempDir Path directory;

  private Journal journal() {
    return new Journal(
        directory.resolve("state"),
        Clock.fixed(NOW, ZoneOffset.UTC),
        time -> {},
        new Author("alice", "host"),
        new ShellCommands());
  }

  private Operation only() {
    return journal().list().operations().get(0);
  }

  private Path write() {
    try (JobLock lock = journal().lock(FLINK, "traffic", "savepoint");
        Entry entry = journal().begin(lock, ASKED)) {
      entry.step("triggered", Map.of());
      entry.step("completed", Map.of("path", "/a b;ü"));
      entry.end(ExitCode.DONE, "/a b;ü", "savepoint completed");
      return directory.resolve("state/operations").resolve(entry.id() + ".jsonl");
    }
  }

  @Test
  void givesBackWhatWasWritten() {
    write();
    Operation read = only();
    assertThat(read.id()).matches("savepoint-20260131-120000-[0-9a-f]{4}");
    assertThat(read)
        .isEqualTo(
            new Operation(
                read.id(),
                ASKED,
                NOW,
                "alice@host",
                ProcessHandle.current().pid(),
                null,
                List.of(
                    new Step(NOW, "triggered", Map.of()),
                    new Step(NOW, "completed", Map.of("path", "/a b;ü"))),
                new Ended(NOW, ExitCode.DONE, "/a b;ü", "savepoint completed")));
    assertThat(read.detail("path")).contains("/a b;ü");
    assertThat(journal().open(FLINK, "traffic")).isEmpty();
  }

  @Test
  void whatIsBegunWhileAnotherIsAtWorkIsAPartOfIt() {
    try (JobLock lock = journal().lock(FLINK, "traffic", "restart")) {
      try (Entry whole = journal().begin(lock, ASKED)) {
        journal().begin(lock, ASKED).close();
        assertThat(journal().list().operations())
            .extracting(Operation::parent)
            .containsExactlyInAnyOrder(null, whole.id());
      }
      try (Entry next = journal().begin(lock, ASKED)) {
        assertThat(journal().list().operations())
            .filteredOn(operation -> operation.id().equals(next.id()))
            .extracting(Operation::parent)
            .containsOnlyNulls();
      }
    }
  }

  @Test
  void isForItsOwnerAlone() throws IOException {
    Path file = write();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    for (Path place : List.of(file.getParent(), directory.resolve("state"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void readsAnEntryThatEndsAnywhere() throws IOException {
    Path file = write();
    byte[] all = Files.readAllBytes(file);
    int lines = 0;
    for (int length = 0; length <= all.length; length++) {
      Files.write(file, Arrays.copyOf(all, length));
      if (length > 0 && all[length - 1] == '\n') {
        lines++;
      }
      Journal.Listing listing = journal().list();
      assertThat(listing.damages()).isEmpty();
      if (lines == 0) {
        assertThat(listing.operations()).isEmpty();
      } else {
        assertThat(only().steps()).hasSize(Math.min(lines - 1, 2));
        assertThat(only().open()).isEqualTo(lines < 4);
      }
    }
  }

  @Test
  void goesOnBehindTheLastWholeLineOfAnEntryThatEndsAnywhere() throws IOException {
    Path file = write();
    byte[] all = Files.readAllBytes(file);
    int first = new String(all, StandardCharsets.ISO_8859_1).indexOf('\n') + 1;
    for (int length = first; length < all.length; length++) {
      Files.write(file, Arrays.copyOf(all, length));
      Operation before = only();
      try (JobLock lock = journal().lock(FLINK, "traffic", "operations resume");
          Entry entry = journal().reopen(lock, before)) {
        entry.end(ExitCode.OUTCOME_UNKNOWN, null, "not known");
      }
      assertThat(journal().list().damages()).isEmpty();
      assertThat(only().steps()).isEqualTo(before.steps());
      assertThat(only().ended().outcome()).isEqualTo(ExitCode.OUTCOME_UNKNOWN);
    }
  }

  @Test
  void neverThrowsAtGarbage() throws IOException {
    Path file = write();
    byte[] all = Files.readAllBytes(file);
    Random random = new Random(42);
    for (int i = 0; i < 3_000; i++) {
      byte[] garbled = all.clone();
      int changes = 1 + random.nextInt(8);
      for (int change = 0; change < changes; change++) {
        garbled[random.nextInt(garbled.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, Arrays.copyOf(garbled, random.nextInt(garbled.length + 1)));
      Journal.Listing listing = journal().list();
      assertThat(listing.operations().size() + listing.damages().size()).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void refusesChangesWhileAFileIsDamagedAndListsTheRest() throws IOException {
    Path file = write();
    Path other = write();
    Files.writeString(file, "\0\0\0\n");
    assertThat(journal().list().operations()).hasSize(1);
    assertThat(journal().list().damages()).containsExactly(new Journal.Damage(file, 1, null));
    assertThatThrownBy(() -> journal().open(FLINK, "traffic"))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.FAILED))
        .hasMessage(
            "the journal is damaged: "
                + file
                + ", line 1; find out what became of that operation (trafficctl jobs, trafficctl"
                + " checkpoints), then move the file away");
    assertThat(other).exists();
  }

  @Test
  void aDamagedEntryOfAnotherJobIsInNobodysWay() throws IOException {
    Path file = write();
    List<String> lines = Files.readAllLines(file);
    Files.writeString(file, lines.get(0) + "\nrubbish\n" + lines.get(3) + "\n");
    assertThat(journal().open(FLINK, "another")).isEmpty();
    assertThatThrownBy(() -> journal().open(FLINK, "traffic"))
        .hasMessageContaining(file + ", line 2;");
  }

  @Test
  void saysWhereItCannotWrite() throws IOException {
    Files.writeString(directory.resolve("state"), "a file, not a directory");
    assertThatThrownBy(() -> journal().lock(FLINK, "traffic", "stop"))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith("cannot write the journal " + directory.resolve("state"))
        .hasMessageContaining("XDG_STATE_HOME");
  }

  @Test
  void anUnreadableFileBelongsToNoOperation() throws IOException {
    Files.createDirectories(directory.resolve("state/operations/stop-1.jsonl"));
    assertThat(journal().list().damages()).hasSize(1);
  }
}
