package dev.trafficctl.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * A connection pooler in transaction mode in front of Postgres: a client has a session of the
 * server from the first message of a transaction to its end, and then whoever comes first has it.
 *
 * <p>The first clients authenticate with the server themselves, and leave their sessions to all.
 * The password of those that come later is not looked at.
 */
public final class PoolingProxy implements AutoCloseable {
  private static final int ASKS_FOR_ENCRYPTION = 80_877_103;
  private static final int ASKS_FOR_GSS = 80_877_104;
  private static final int CANCEL = 80_877_102;
  private static final List<Integer> ANSWERED_BY_THE_CLIENT = List.of(3, 5, 10, 11);

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<Session> sessions = new ArrayList<>();
  private final List<byte[]> greeting = new ArrayList<>();
  private final List<String> statements = new CopyOnWriteArrayList<>();
  private final int serverPort;
  private final int mostSessions;

  /**
   * A pooler on a free port.
   *
   * @param mostSessions how many sessions of the server all clients share, from 1
   */
  public PoolingProxy(int serverPort, int mostSessions) throws IOException {
    this.serverPort = serverPort;
    this.mostSessions = mostSessions;
    threads.execute(this::accept);
  }

  /** Where clients connect to. */
  public int port() {
    return listener.getLocalPort();
  }

  /** The text of every statement that was sent. */
  public List<String> statements() {
    return statements;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    threads.shutdownNow();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        threads.execute(() -> serve(socket));
      }
    } catch (IOException | RejectedExecutionException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Client client = new Client(socket);
      byte[] startup = client.startup();
      if (startup == null) {
        return;
      }
      greet(client, startup);
      client.forward();
    } catch (IOException closed) {
      // One side has hung up.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void greet(Client client, byte[] startup) throws IOException {
    if (sessions.size() == mostSessions) {
      send(client.out, 'R', new byte[Integer.BYTES]);
      for (byte[] message : greeting) {
        client.out.write(message);
      }
      send(client.out, 'Z', new byte[] {'I'});
      return;
    }
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), serverPort);
    sockets.add(socket);
    Session session = new Session(socket);
    session.out.writeInt(startup.length + Integer.BYTES);
    session.out.write(startup);
    boolean first = sessions.isEmpty();
    while (true) {
      char type = (char) session.in.readByte();
      byte[] body = body(session.in);
      send(client.out, type, body);
      if (type == 'R' && ANSWERED_BY_THE_CLIENT.contains(ByteBuffer.wrap(body).getInt())) {
        send(session.out, (char) client.in.readByte(), body(client.in));
      } else if (first && (type == 'S' || type == 'K')) {
        greeting.add(
            ByteBuffer.allocate(body.length + 5)
                .put((byte) type)
                .putInt(body.length + Integer.BYTES)
                .put(body)
                .array());
      } else if (type == 'Z') {
        sessions.add(session);
        threads.execute(session::answer);
        return;
      } else if (type == 'E') {
        throw new IOException("refused");
      }
    }
  }

  private static byte[] body(DataInputStream in) throws IOException {
    byte[] body = new byte[in.readInt() - Integer.BYTES];
    in.readFully(body);
    return body;
  }

  private static void send(DataOutputStream out, char type, byte[] body) throws IOException {
    ByteBuffer message = ByteBuffer.allocate(body.length + 5);
    out.write(message.put((byte) type).putInt(body.length + Integer.BYTES).put(body).array());
    out.flush();
  }

  private final class Client {
    private final DataInputStream in;
    private final DataOutputStream out;

    Client(Socket socket) throws IOException {
      in = new DataInputStream(socket.getInputStream());
      out = new DataOutputStream(socket.getOutputStream());
    }

    /** How the client introduces itself, or null if it only wants something cancelled. */
    byte[] startup() throws IOException {
      while (true) {
        byte[] startup = body(in);
        switch (ByteBuffer.wrap(startup).getInt()) {
          case ASKS_FOR_ENCRYPTION, ASKS_FOR_GSS -> out.write('N');
          case CANCEL -> {
            return null;
          }
          default -> {
            return startup;
          }
        }
      }
    }

    void forward() throws IOException, InterruptedException {
      while (true) {
        int type = in.read();
        if (type < 0 || type == 'X') {
          return;
        }
        byte[] body = body(in);
        if (type == 'Q' || type == 'P') {
          statements.add(new String(body, UTF_8));
        }
        send(sessionFor((char) type).out, (char) type, body);
      }
    }

    /** The session of the transaction, or else the first that is free. */
    private Session sessionFor(char type) throws InterruptedException {
      synchronized (PoolingProxy.this) {
        while (true) {
          Session session =
              sessions.stream()
                  .filter(candidate -> candidate.owner == this)
                  .findFirst()
                  .or(() -> sessions.stream().filter(each -> each.owner == null).findFirst())
                  .orElse(null);
          if (session != null) {
            session.owner = this;
            session.awaited += type == 'Q' || type == 'S' ? 1 : 0;
            return session;
          }
          PoolingProxy.this.wait();
        }
      }
    }
  }

  private final class Session {
    private final DataInputStream in;
    private final DataOutputStream out;
    private Client owner;

    /** How many answers are to come. */
    private int awaited;

    Session(Socket socket) throws IOException {
      in = new DataInputStream(socket.getInputStream());
      out = new DataOutputStream(socket.getOutputStream());
    }

    void answer() {
      try {
        while (true) {
          char type = (char) in.readByte();
          byte[] body = body(in);
          Client client;
          synchronized (PoolingProxy.this) {
            client = owner;
            if (type == 'Z') {
              awaited--;
              if (awaited == 0 && body[0] == 'I') {
                owner = null;
                PoolingProxy.this.notifyAll();
              }
            }
          }
          if (client != null) {
            send(client.out, type, body);
          }
        }
      } catch (IOException closed) {
        // The test is over.
      }
    }
  }
}
