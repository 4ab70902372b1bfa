package dev.trafficctl.job;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/** A TCP proxy in front of Postgres that can lose what the server answers. */
final class FaultyNetwork implements AutoCloseable {
  /** The end of the message with which Postgres acknowledges a commit. */
  private static final String COMMITTED = "COMMIT\0";

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Socket> sockets = new ArrayList<>();
  private final int serverPort;

  private volatile boolean swallowing;
  private volatile boolean losingAcknowledgement;

  FaultyNetwork(int serverPort) throws IOException {
    this.serverPort = serverPort;
    threads.execute(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** From now on no answer of the server arrives. */
  void swallowAnswers() {
    swallowing = true;
  }

  /** The next acknowledgement of a commit does not arrive: the connection is cut instead. */
  void loseNextAcknowledgement() {
    losingAcknowledgement = true;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    synchronized (sockets) {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    threads.shutdownNow();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        synchronized (sockets) {
          sockets.add(client);
          sockets.add(server);
        }
        threads.execute(() -> forward(client, server, false));
        threads.execute(() -> forward(server, client, true));
      }
    } catch (IOException | RejectedExecutionException closed) {
      // The test is over.
    }
  }

  private void forward(Socket from, Socket to, boolean answers) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[1 << 16];
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        if (answers && swallowing) {
          continue;
        }
        if (answers
            && losingAcknowledgement
            && new String(bytes, 0, read, ISO_8859_1).contains(COMMITTED)) {
          losingAcknowledgement = false;
          return;
        }
        out.write(bytes, 0, read);
      }
    } catch (IOException closed) {
      // One side has hung up; closing both tells the other.
    }
  }
}
