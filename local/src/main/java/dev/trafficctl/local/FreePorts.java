package dev.trafficctl.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Loopback ports that nothing listens on. */
final class FreePorts {
  // Below the range from which Linux and macOS take the ports of outgoing connections: a client
  // that keeps trying to reach a stopped part could otherwise be given that part's own port.
  private static final int FIRST = 20_000;
  private static final int END = 32_000;

  private FreePorts() {}

  /** Some free ports, no two the same. */
  static int[] find(int count) {
    int start = ThreadLocalRandom.current().nextInt(FIRST, END);
    int[] found =
        IntStream.range(0, END - FIRST)
            .map(step -> FIRST + (start - FIRST + step) % (END - FIRST))
            .filter(FreePorts::isFree)
            .limit(count)
            .toArray();
    if (found.length < count) {
      throw new StackException(
          "no free port from " + FIRST + " to " + END + ": stop what uses them");
    }
    return found;
  }

  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // As servers do: connections that linger after their end do not count.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
