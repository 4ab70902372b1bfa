package dev.trafficctl.cli.journal;

import dev.trafficctl.cli.flink.TriggerId;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.cli.process.Sleeper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * The operations that were asked for from this machine by this user, a file each, in {@code
 * $XDG_STATE_HOME/trafficctl/operations}. Nobody else can read them.
 *
 * <p>How a change is done: {@link #lock}, settle what {@link #open} still has of the job, {@link
 * #begin}, then each {@link Entry#step} before the request that it announces, at last {@link
 * Entry#end}. An operation without an end whose job is not locked belongs to a process that is
 * gone.
 */
public final class Journal {
  private static final String ENDING = ".jsonl";
  private static final int LARGEST_ENTRY = 16 * 1024 * 1024;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final Path root;
  private final Clock clock;
  private final Sleeper sleeper;
  private final Author author;
  private final NextCommands next;
  private final EntryFormat format = new EntryFormat();

  /**
   * With the directory that holds {@code operations} and {@code locks}, and who writes.
   *
   * @param next what is recommended when a job is locked, or a file damaged
   */
  public Journal(Path root, Clock clock, Sleeper sleeper, Author author, NextCommands next) {
    this.root = root;
    this.clock = clock;
    this.sleeper = sleeper;
    this.author = author;
    this.next = next;
  }

  /** The journal of the user of this process. */
  public static Journal of(Environment environment) {
    return new Journal(
        root(environment.variables()),
        environment.clock(),
        environment.sleeper(),
        Author.current(),
        environment.next());
  }

  /** The place that the XDG Base Directory Specification gives to state. */
  private static Path root(Map<String, String> variables) {
    String state = variables.get("XDG_STATE_HOME");
    Path base =
        state != null && Path.of(state).isAbsolute()
            ? Path.of(state)
            : Path.of(variables.getOrDefault("HOME", System.getProperty("user.home")))
                .resolve(".local/state");
    return base.resolve("trafficctl");
  }

  /** Who writes. */
  public Author author() {
    return author;
  }

  /**
   * Takes the right to change a job, until it is closed.
   *
   * @param flink the address of Flink's REST API
   * @param job the name of the job
   * @param verb what is to be done, such as {@code stop}
   * @throws CommandException with {@link ExitCode#REFUSED} when another process has it; it says who
   */
  public JobLock lock(String flink, String job, String verb) {
    Path file = lockFile(flink, job);
    try {
      makeDirectory(file.getParent());
      FileChannel channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
              permissions("rw-------"));
      JobLock.Holder holder =
          new JobLock.Holder(
              null, verb, job, author.toString(), ProcessHandle.current().pid(), now());
      return JobLock.take(file, channel, flink, job, holder, sleeper, next);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private Path lockFile(String flink, String job) {
    return root.resolve("locks").resolve(TriggerId.digest(flink + "\n" + job) + ".lock");
  }

  /** Whether a process of this machine that lives is at an operation. */
  public boolean isRunning(Operation operation) {
    Path file = lockFile(operation.asked().flink(), operation.asked().job());
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return JobLock.isTaken(channel)
          && JobLock.Holder.read(file)
              .filter(holder -> operation.id().equals(holder.operation()))
              .isPresent();
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Writes down what is asked for. Nothing may have been sent before. What is begun while the lock
   * is used on another operation is a part of that.
   *
   * @param lock the right to change the job, which the caller keeps until the end
   * @throws CommandException when it cannot be written; nothing must then be done
   */
  public Entry begin(JobLock lock, Asked asked) {
    if (!asked.isOf(lock.flink(), lock.job())) {
      throw new IllegalArgumentException("the lock is that of another job");
    }
    Instant at = now();
    String parent = lock.operation();
    while (true) {
      String id =
          "%s-%s-%04x"
              .formatted(
                  asked.verb(), TIME.format(at), ThreadLocalRandom.current().nextInt(0x10000));
      Path file = file(id);
      try {
        makeDirectory(file.getParent());
        Entry entry = new Entry(id, file, create(file), clock, lock, parent);
        entry.write(format.asked(id, asked, at, author, ProcessHandle.current().pid(), parent));
        force(file.getParent());
        lock.use(id);
        return entry;
      } catch (FileAlreadyExistsException e) {
        // The four digits are taken; others will be free.
      } catch (IOException e) {
        throw unwritable(file, e);
      }
    }
  }

  /**
   * Goes on with the entry of an operation that is open.
   *
   * @param lock the right to change the job
   */
  public Entry reopen(JobLock lock, Operation operation) {
    if (!operation.asked().isOf(lock.flink(), lock.job())) {
      throw new IllegalArgumentException("the lock is that of another job");
    }
    Path file = file(operation.id());
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      // A line that was never finished must not become a part of the next one.
      int complete = EntryFormat.complete(Files.readAllBytes(file));
      channel.truncate(complete).position(complete);
      String before = lock.operation();
      lock.use(operation.id());
      return new Entry(operation.id(), file, channel, clock, lock, before);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /** All operations, the newest first, and the files that are damaged. */
  public Listing list() {
    List<Operation> operations = new ArrayList<>();
    List<Damage> damages = new ArrayList<>();
    for (Path file : files()) {
      EntryFormat.Reading reading = read(file);
      if (reading.operation() != null) {
        operations.add(reading.operation());
      } else if (reading.damagedLine() > 0) {
        damages.add(new Damage(file, reading.damagedLine(), reading.asked()));
      }
    }
    operations.sort(Comparator.comparing(Operation::at).thenComparing(Operation::id).reversed());
    return new Listing(operations, damages);
  }

  /** The operation with an id, or nothing when there is none. */
  public Optional<Operation> find(String id) {
    return list().operations().stream().filter(operation -> operation.id().equals(id)).findFirst();
  }

  /**
   * The operations on a job of which nobody has found out how they ended, the oldest first.
   *
   * @throws CommandException when a damaged file may hide another
   */
  public List<Operation> open(String flink, String job) {
    Listing listing = list();
    for (Damage damage : listing.damages()) {
      if (damage.asked() == null || damage.asked().isOf(flink, job)) {
        throw new CommandException(ExitCode.FAILED, damage.shown(next));
      }
    }
    return listing.operations().stream()
        .filter(operation -> operation.open() && operation.asked().isOf(flink, job))
        .sorted(Comparator.comparing(Operation::at).thenComparing(Operation::id))
        .toList();
  }

  private Path file(String id) {
    return root.resolve("operations").resolve(id + ENDING);
  }

  private List<Path> files() {
    Path directory = root.resolve("operations");
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(file -> file.getFileName().toString().endsWith(ENDING)).sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
  }

  private EntryFormat.Reading read(Path file) {
    String name = file.getFileName().toString();
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_ENTRY) {
        return new EntryFormat.Reading(null, 1, null);
      }
      return format.read(
          name.substring(0, name.length() - ENDING.length()), Files.readAllBytes(file));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static FileChannel create(Path file) throws IOException {
    Set<OpenOption> newFile = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return FileChannel.open(file, newFile, permissions("rw-------"));
  }

  private static void makeDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, permissions("rwx------"));
    }
  }

  /** A new file is there after a power cut only if its directory was forced to disk as well. */
  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static FileAttribute<?>[] permissions(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  static CommandException unwritable(Path file, IOException e) {
    return new CommandException(
        ExitCode.FAILED,
        "cannot write the journal "
            + file
            + " ("
            + e
            + "); without it nothing is begun; make room there, or set XDG_STATE_HOME to a"
            + " directory that can be written",
        e);
  }

  private static CommandException unreadable(Path file, IOException e) {
    return new CommandException(
        ExitCode.FAILED,
        "cannot read the journal " + file + " (" + e + "); check its owner and permissions",
        e);
  }

  /**
   * What there is.
   *
   * @param operations the newest first
   * @param damages the files that cannot be read
   */
  public record Listing(List<Operation> operations, List<Damage> damages) {}

  /**
   * A file that cannot be read.
   *
   * @param file the file
   * @param line the number of the first line that is wrong, from 1
   * @param asked what was asked, as far as that can be read; else null
   */
  public record Damage(Path file, int line, Asked asked) {
    /** What is said of it, with what is typed next. */
    public String shown(NextCommands next) {
      return "the journal is damaged: "
          + file
          + ", line "
          + line
          + "; find out what became of that operation ("
          + next.jobs()
          + ", "
          + next.checkpoints()
          + "), then move the file away";
    }
  }
}
