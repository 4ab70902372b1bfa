package dev.trafficctl.cli.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Metadata that somebody damaged or made up. How many are read is the system property {@code
 * trafficctl.hostile}, 300 if it is not set, with the seed {@code trafficctl.seed}.
 */
class HostileMetadataTest {
  private static final byte[] SERIALIZED = {(byte) 0xac, (byte) 0xed, 0, 5};

  @TempDir Path directory;

  /** Connects while it is made out of bytes, as gadgets do. */
  static final class Calling implements Serializable {
    private static final long serialVersionUID = 1L;
    private final int port;

    Calling(int port) {
      this.port = port;
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      new Socket(InetAddress.getLoopbackAddress(), port).close();
    }
  }

  /** Sets within sets, whose hash codes take longer than anybody can wait. */
  private static Set<Object> endless(int depth) {
    Set<Object> root = new HashSet<>();
    Set<Object> left = root;
    Set<Object> right = new HashSet<>();
    for (int i = 0; i < depth; i++) {
      Set<Object> nextLeft = new HashSet<>();
      Set<Object> nextRight = new HashSet<>();
      nextLeft.add("x");
      left.add(nextLeft);
      left.add(nextRight);
      right.add(nextLeft);
      right.add(nextRight);
      left = nextLeft;
      right = nextRight;
    }
    return root;
  }

  private static Object deep(int depth) {
    Object inner = "x";
    for (int i = 0; i < depth; i++) {
      inner = List.of(inner);
    }
    return inner;
  }

  private static byte[] serialized(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  /** Good metadata with another object where the properties of the checkpoint are. */
  private static byte[] with(byte[] metadata, byte[] object) {
    int at = 0;
    while (!Arrays.equals(metadata, at, at + SERIALIZED.length, SERIALIZED, 0, SERIALIZED.length)) {
      at++;
    }
    return ByteBuffer.allocate(at + object.length).put(metadata, 0, at).put(object).array();
  }

  private StateReading read(byte[] metadata) throws IOException {
    Path savepoint = Files.createDirectories(directory.resolve("savepoint-read"));
    Files.write(savepoint.resolve("_metadata"), metadata);
    return new StateReader().read(savepoint.toString());
  }

  private byte[] good() throws Exception {
    return Files.readAllBytes(
        StateFixture.savepointWithSource(
                directory.resolve("savepoint-good"), StateFixture.DESCRIPTION, Map.of(0, 12L))
            .resolve("_metadata"));
  }

  private static boolean isConnected(ServerSocket server) throws IOException {
    server.setSoTimeout(100);
    try (Socket made = server.accept()) {
      return made.isConnected();
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  @Test
  void noOtherObjectsAreMadeOfIt() throws Exception {
    byte[] good = good();
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      byte[] calling = with(good, serialized(new Calling(server.getLocalPort())));

      assertThat(read(calling)).isInstanceOf(StateReading.Broken.class);
      assertThat(isConnected(server)).isFalse();
    }
  }

  @Test
  void setsWithinSetsDoNotKeepItBusy() throws Exception {
    byte[] busy = with(good(), serialized(endless(60)));

    long begun = System.nanoTime();
    assertThat(read(busy)).isInstanceOf(StateReading.Broken.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void whateverIsInItIsReadOrRefusedInTime() throws Exception {
    byte[] good = good();
    long seed = Long.getLong("trafficctl.seed", 11);
    Random random = new Random(seed);
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      List<byte[]> objects =
          new ArrayList<>(
              List.of(
                  serialized(new Calling(server.getLocalPort())),
                  serialized(endless(60)),
                  serialized(deep(500)),
                  serialized(new long[5_000])));
      int count = Integer.getInteger("trafficctl.hostile", 300);
      Duration longest = Duration.ZERO;
      for (int round = 0; round < count; round++) {
        byte[] metadata = good.clone();
        if (random.nextInt(3) == 0) {
          metadata = with(good, objects.get(random.nextInt(objects.size())));
        }
        // Behind the number and the version of the format, which are looked at first.
        for (int changes = random.nextInt(6); changes >= 0; changes--) {
          int at = 8 + random.nextInt(metadata.length - 12);
          if (random.nextBoolean()) {
            metadata[at] = (byte) random.nextInt();
          } else {
            ByteBuffer.wrap(metadata).putInt(at, random.nextInt() >> random.nextInt(32));
          }
        }
        if (random.nextInt(8) == 0) {
          metadata = Arrays.copyOf(metadata, random.nextInt(metadata.length));
        }
        long begun = System.nanoTime();
        assertThat(read(metadata)).as("round %d of seed %d", round, seed).isNotNull();
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        longest = took.compareTo(longest) > 0 ? took : longest;
      }
      assertThat(longest).as("seed %d", seed).isLessThan(Duration.ofSeconds(5));
      assertThat(isConnected(server)).isFalse();
      if (count > 300) {
        System.out.println(
            count + " hostile metadata, the longest took " + longest.toMillis() + " ms");
      }
    }
  }
}
