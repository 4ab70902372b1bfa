package dev.trafficctl.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;

/**
 * Listens on a free port of the loopback address, and serves each client in a thread of its own.
 */
final class LoopbackServer implements AutoCloseable {
  private final ServerSocket server;
  private final String name;
  private final Consumer<Socket> serve;

  /**
   * Begins to listen.
   *
   * @param name that of its threads
   * @param serve what is done with a client
   */
  LoopbackServer(String name, Consumer<Socket> serve) {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    this.name = name;
    this.serve = serve;
    daemon(this::accept);
  }

  private void daemon(Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        daemon(() -> serve.accept(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  /** Where it is: {@code host:port}. */
  String address() {
    return host() + ":" + port();
  }

  String host() {
    return server.getInetAddress().getHostAddress();
  }

  int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
