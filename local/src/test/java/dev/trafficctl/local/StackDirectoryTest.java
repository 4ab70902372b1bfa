package dev.trafficctl.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackDirectoryTest {
  @TempDir Path temporary;

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void open(Path path) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  @Test
  void aDirectoryThatWasOpenToAllIsClosed() throws IOException {
    Path root = Files.createDirectory(temporary.resolve("stück"));
    open(root);
    new StackDirectory(root).create();
    assertThat(permissions(root)).isEqualTo("rwx------");
    for (String inner : new String[] {"logs", "run", "postgres", "kafka", "flink"}) {
      assertThat(permissions(root.resolve(inner))).as(inner).isEqualTo("rwx------");
    }
  }

  @Test
  void whatAnOlderStackLeftOpenIsClosed() throws IOException {
    StackDirectory stack = new StackDirectory(temporary.resolve("stück"));
    stack.create();
    Files.writeString(stack.root().resolve("stack.json"), "{}");
    open(stack.root());
    open(stack.root().resolve("logs"));
    Files.writeString(stack.log("kafka"), "x");
    open(stack.log("kafka"));
    stack.create();
    StackDirectory.createForOwner(stack.log("kafka"));
    assertThat(permissions(stack.root())).isEqualTo("rwx------");
    assertThat(permissions(stack.root().resolve("logs"))).isEqualTo("rwx------");
    assertThat(permissions(stack.log("kafka"))).isEqualTo("rw-------");
    assertThat(stack.log("kafka")).hasContent("x");
  }

  @Test
  void aDirectoryOfOthersIsNotClosedToThem() throws IOException {
    Files.writeString(temporary.resolve("theirs"), "x");
    open(temporary);
    assertThatThrownBy(() -> new StackDirectory(temporary).create())
        .isInstanceOf(StackException.class)
        .hasMessage(
            "%s holds what is not of a local stack: theirs; choose another directory, or an empty one",
            temporary);
    assertThat(permissions(temporary)).isEqualTo("rwxrwxrwx");
  }
}
