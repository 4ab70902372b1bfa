package dev.trafficctl.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.trafficctl.model.ShellWord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The directory in which a stack keeps all it has; only its owner may look inside. */
record StackDirectory(Path root) {
  private static final String PID_FILE = ".pid";
  private static final Duration LOCK_TIME_LIMIT = Duration.ofMinutes(5);
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_READS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  StackDirectory {
    root = root.toAbsolutePath().normalize();
  }

  Path log(String part) {
    return root.resolve("logs").resolve(part + ".log");
  }

  Path pidFile(String part) {
    return root.resolve("run").resolve(part + PID_FILE);
  }

  Path postgres() {
    return root.resolve("postgres");
  }

  Path kafka() {
    return root.resolve("kafka");
  }

  Path flink() {
    return root.resolve("flink");
  }

  Path savepoints() {
    return flink().resolve("savepoints");
  }

  Path checkpoints() {
    return flink().resolve("checkpoints");
  }

  /** As Flink's own paths are written, where a space is a space. */
  static String flinkUrl(Path path) {
    return "file://" + path;
  }

  Path secrets() {
    return root.resolve("secrets.env");
  }

  /** What a stack has in its directory, and all that it has. */
  private static final Set<String> OWN =
      Set.of("logs", "run", "postgres", "kafka", "flink", "secrets.env", "stack.json", "lock");

  /** What a JVM leaves where it crashes. */
  private static final Pattern OF_A_CRASH =
      Pattern.compile("(hs_err|replay)_pid[0-9]+\\.log|java_pid[0-9]+\\.hprof|core(\\.[0-9]+)?");

  private static final int SHOWN = 5;

  /**
   * Makes sure that the directory holds a stack and nothing else, or nothing at all.
   *
   * @throws StackRefusedException naming what else is in it
   */
  void requireNothingElse(String otherwise) {
    List<String> others;
    try (Stream<Path> entries = Files.list(root)) {
      others =
          entries
              .map(entry -> entry.getFileName().toString())
              .filter(name -> !OWN.contains(name.replaceFirst("\\.tmp$", "")))
              .filter(name -> !OF_A_CRASH.matcher(name).matches())
              .sorted()
              .toList();
    } catch (IOException e) {
      throw new StackException("cannot look into " + root + ": " + e.getMessage(), e);
    }
    if (!others.isEmpty()) {
      throw new StackRefusedException(
          "%s holds what is not of a local stack: %s%s; %s"
              .formatted(
                  root,
                  String.join(", ", others.subList(0, Math.min(SHOWN, others.size()))),
                  others.size() > SHOWN ? ", and " + (others.size() - SHOWN) + " more" : "",
                  otherwise));
    }
  }

  /**
   * Makes sure that the directory may be emptied.
   *
   * @throws StackRefusedException when it holds no stack, or something else besides
   */
  void requireOnlyAStack() {
    boolean made =
        Files.exists(stackFile())
            || Stream.of("logs", "run", "postgres", "kafka", "flink")
                .allMatch(name -> Files.isDirectory(root.resolve(name)));
    if (!made) {
      throw new StackRefusedException(
          root + " holds no local stack; nothing was deleted: check --directory");
    }
    requireNothingElse("nothing was deleted: check --directory, or move that away first");
  }

  private Path stackFile() {
    return root.resolve("stack.json");
  }

  private Path lockFile() {
    return root.resolve("lock");
  }

  boolean exists() {
    return Files.isDirectory(root);
  }

  /** A command for this stack and no other, to be copied into a shell from any directory. */
  String command(String words) {
    return "trafficctl local " + words + " --directory " + ShellWord.of(root.toString());
  }

  /** Where this stack cannot be mended, what deletes it. */
  String startAnew() {
    return "run `" + command("down --wipe") + "` and start anew";
  }

  /** Creates the directory and those within it that every part needs. */
  void create() {
    if (root.toString().matches(".*[,:].*")) {
      throw new StackException(
          "the path "
              + root
              + " holds a comma or a colon, which Kafka and Flink take for the end of a path:"
              + " choose another directory");
    }
    try {
      if (!exists()) {
        Path parent = root.getParent();
        if (parent != null) {
          Files.createDirectories(parent);
        }
        Files.createDirectory(root, OWNER_ONLY);
      }
      requireNothingElse("choose another directory, or an empty one");
      // One that was there before may be open to others, who could put files of theirs in it.
      Files.setPosixFilePermissions(root, OWNER_ONLY.value());
      for (Path directory :
          new Path[] {root.resolve("logs"), root.resolve("run"), postgres(), kafka(), flink()}) {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, OWNER_ONLY.value());
      }
    } catch (IOException e) {
      throw new StackException(
          "cannot create " + root + ": " + e.getMessage() + ": choose a directory you may write to",
          e);
    }
  }

  /**
   * The names of the parts: those that the stack was made with; where nothing tells that, those of
   * which it is recorded that they were started.
   */
  List<String> parts() {
    try {
      Optional<StackRecord> made = read();
      if (made.isPresent()) {
        return made.get().parts();
      }
    } catch (StackException e) {
      // Damaged; what was started can be stopped all the same.
    }
    Set<String> started = new TreeSet<>();
    if (Files.exists(new PartProcess(PartProcess.POSTGRES, this).pidFile())) {
      started.add(PartProcess.POSTGRES);
    }
    try (Stream<Path> files = Files.list(pidFile("any").getParent())) {
      files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(PID_FILE))
          .forEach(file -> started.add(file.substring(0, file.length() - PID_FILE.length())));
    } catch (NoSuchFileException e) {
      // Nothing was started.
    } catch (IOException e) {
      throw new StackException("cannot look into " + root + ": " + e.getMessage(), e);
    }
    return List.copyOf(started);
  }

  /** What the stack was made with, if one was made here. */
  Optional<StackRecord> read() {
    try {
      return Optional.of(StackRecord.of(JSON.readTree(Files.readAllBytes(stackFile()))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException | StackException e) {
      throw new StackException(stackFile() + " cannot be read: " + startAnew(), e);
    }
  }

  void write(StackRecord stack) {
    try {
      writeForOwner(stackFile(), JSON.writeValueAsString(stack) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes the secrets of a stack that was never made, which may not fit the one to come. */
  void forgetSecrets() {
    try {
      Files.deleteIfExists(secrets());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes an empty file that its owner alone can read, or takes it from all others. */
  static void createForOwner(Path file) throws IOException {
    if (Files.exists(file)) {
      Files.setPosixFilePermissions(file, OWNER_READS.value());
    } else {
      Files.createFile(file, OWNER_READS);
    }
  }

  /** Writes a file that its owner alone can read, whole or not at all. */
  static void writeForOwner(Path file, String content) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(unfinished);
    Files.createFile(unfinished, OWNER_READS);
    Files.writeString(unfinished, content);
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Waits until no other command changes the stack, then keeps others from it meanwhile. */
  <T> T exclusively(Consumer<String> progress, Supplier<T> action) {
    FileChannel lock = lock(progress);
    try {
      return action.get();
    } finally {
      close(lock);
    }
  }

  private FileChannel lock(Consumer<String> progress) {
    return tryLock()
        .or(
            () -> {
              progress.accept("waiting for another command that changes the stack in " + root);
              return Waiting.untilPresent(LOCK_TIME_LIMIT, this::tryLock);
            })
        .orElseThrow(
            () ->
                new StackException(
                    "another command has been changing the stack in "
                        + root
                        + " for "
                        + LOCK_TIME_LIMIT.toMinutes()
                        + " minutes: end it and try again"));
  }

  private Optional<FileChannel> tryLock() {
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              lockFile(), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNER_READS);
      Object opened = fileKey(lockFile());
      // A wipe may have deleted the file in between: a lock on what is deleted keeps nobody out.
      if (channel.tryLock() != null && Objects.equals(opened, fileKey(lockFile()))) {
        FileChannel held = channel;
        channel = null;
        return Optional.of(held);
      }
      return Optional.empty();
    } catch (OverlappingFileLockException | NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StackException("cannot lock " + lockFile() + ": " + e.getMessage(), e);
    } finally {
      close(channel);
    }
  }

  private static Object fileKey(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private static void close(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes everything in the directory, the directory itself excepted. */
  void wipe() {
    try (Stream<Path> entries = Files.list(root)) {
      for (Path entry : entries.filter(path -> !path.equals(lockFile())).toList()) {
        deleteTree(entry);
      }
      Files.deleteIfExists(lockFile());
    } catch (IOException e) {
      throw new StackException("cannot delete all of " + root + ": " + e.getMessage(), e);
    }
  }

  static void deleteTree(Path tree) throws IOException {
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException e)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
