package dev.trafficctl.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A server on a free port that speaks PostgreSQL's protocol (version 3.0) as far as to refuse the
 * connection, to fail every query that is not a {@code SET}, or to find no row but where the tables
 * of the job are.
 */
final class FakePostgres implements AutoCloseable {
  private static final int ASKS_FOR_ENCRYPTION = 80_877_103;
  private static final Map<String, String> PARAMETERS =
      Map.of(
          "server_version", "17.0",
          "server_encoding", "UTF8",
          "client_encoding", "UTF8",
          "DateStyle", "ISO, MDY",
          "TimeZone", "UTC",
          "integer_datetimes", "on",
          "standard_conforming_strings", "on");

  // One column "n" of no table, a smallint of two bytes, as text.
  private static final byte[] ONE_NUMBER =
      ByteBuffer.allocate(22)
          .putShort((short) 1)
          .put(new byte[] {'n', 0})
          .putInt(0)
          .putShort((short) 0)
          .putInt(21)
          .putShort((short) 2)
          .putInt(-1)
          .putShort((short) 0)
          .array();

  /** The answer to where the tables are: database, the right to see the system, three tables. */
  private static final List<String> PLACE =
      List.of(
          "traffic", "true", "public.sources", "public.processed_events", "public.rejected_events");

  /** The answers that are not empty, by a word of the query. */
  private final Map<String, List<String>> known =
      new ConcurrentHashMap<>(
          Map.of(
              "current_database", PLACE,
              "system_identifier", List.of("7612345678901234567"),
              "inet_server_addr", List.of("job", "127.0.0.1:5432"),
              "current_setting", List.of("\"$user\", public")));

  private final LoopbackServer server;
  private final Behaviour behaviour;
  private final String state;
  private final String message;

  private enum Behaviour {
    REFUSES,
    FAILS,
    HAS_NO_ROWS
  }

  private FakePostgres(Behaviour behaviour, String state, String message) {
    this.behaviour = behaviour;
    this.state = state;
    this.message = message;
    this.server = new LoopbackServer("fake-postgres", this::serve);
  }

  /** Refuses every connection with such an SQL state and message. */
  static FakePostgres refusing(String state, String message) {
    return new FakePostgres(Behaviour.REFUSES, state, message);
  }

  /** Fails every query with such an SQL state and message. */
  static FakePostgres failing(String state, String message) {
    return new FakePostgres(Behaviour.FAILS, state, message);
  }

  /** Finds no row, whatever it is asked. */
  static FakePostgres empty() {
    return new FakePostgres(Behaviour.HAS_NO_ROWS, null, null);
  }

  /** Finds one row when it is asked with such words. */
  FakePostgres answering(String words, String... row) {
    known.put(words, List.of(row));
    return this;
  }

  /** Where it is: {@code host:port}. */
  String address() {
    return server.address();
  }

  /** Where it is, as {@code --postgres-url} takes it. */
  String url() {
    return "jdbc:postgresql://" + address() + "/traffic";
  }

  private void serve(Socket client) {
    try (client) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      DataOutputStream out = new DataOutputStream(client.getOutputStream());
      boolean encrypted = true;
      while (encrypted) {
        byte[] startup = in.readNBytes(in.readInt() - Integer.BYTES);
        int code = ByteBuffer.wrap(startup).getInt();
        encrypted = code == ASKS_FOR_ENCRYPTION || code == ASKS_FOR_ENCRYPTION + 1;
        if (encrypted) {
          out.write('N');
        }
      }
      if (behaviour == Behaviour.REFUSES) {
        error(out, "FATAL");
        return;
      }
      send(out, 'R', new byte[Integer.BYTES]);
      for (Map.Entry<String, String> parameter : PARAMETERS.entrySet()) {
        send(out, 'S', text(parameter.getKey(), parameter.getValue()));
      }
      send(out, 'Z', new byte[] {'I'});
      answer(in, out);
    } catch (IOException e) {
      // The client has left.
      return;
    }
  }

  private void answer(DataInputStream in, DataOutputStream out) throws IOException {
    String tag = "";
    char status = 'I';
    List<String> row = null;
    while (true) {
      int type = in.read();
      if (type < 0 || type == 'X') {
        return;
      }
      byte[] body = in.readNBytes(in.readInt() - Integer.BYTES);
      boolean asks = type == 'Q' || type == 'P';
      if (asks) {
        String query = new String(body, UTF_8);
        tag = tag(query);
        status = tag.equals("BEGIN") ? 'T' : tag.equals("ROLLBACK") ? 'I' : status;
        row =
            known.entrySet().stream()
                .filter(answer -> query.contains(answer.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
      }
      boolean queries = tag.equals("SELECT 0");
      if (asks && queries && behaviour == Behaviour.FAILS) {
        error(out, "ERROR");
      } else if (!queries || behaviour == Behaviour.HAS_NO_ROWS) {
        switch (type) {
          case 'P' -> send(out, '1', new byte[0]);
          case 'B' -> send(out, '2', new byte[0]);
          case 'D' -> {
            byte[] columns = row == null ? ONE_NUMBER : columns(row.size());
            send(out, queries ? 'T' : 'n', queries ? columns : new byte[0]);
          }
          case 'E', 'Q' -> {
            if (row != null) {
              send(out, 'D', data(row));
            }
            send(out, 'C', text(row == null ? tag : "SELECT 1"));
          }
          default -> {}
        }
      }
      if (type == 'Q' || type == 'S') {
        send(out, 'Z', new byte[] {(byte) status});
      }
    }
  }

  /** So many columns "n" of no table, each a text. */
  private static byte[] columns(int count) {
    ByteBuffer columns = ByteBuffer.allocate(Short.BYTES + 20 * count).putShort((short) count);
    for (int i = 0; i < count; i++) {
      columns.put(new byte[] {'n', 0}).putInt(0).putShort((short) 0).putInt(25);
      columns.putShort((short) -1).putInt(-1).putShort((short) 0);
    }
    return columns.array();
  }

  private static byte[] data(List<String> row) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes(ByteBuffer.allocate(Short.BYTES).putShort((short) row.size()).array());
    for (String value : row) {
      byte[] bytes = value.getBytes(UTF_8);
      data.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      data.writeBytes(bytes);
    }
    return data.toByteArray();
  }

  /** What a server calls a command that is done. */
  private static String tag(String message) {
    for (String command : List.of("BEGIN", "ROLLBACK", "SET")) {
      if (message.contains(command + " ") || message.contains(command + "\0")) {
        return command;
      }
    }
    return "SELECT 0";
  }

  private void error(DataOutputStream out, String severity) throws IOException {
    ByteArrayOutputStream fields = new ByteArrayOutputStream();
    fields.writeBytes(text("S" + severity, "V" + severity, "C" + state, "M" + message, "P15"));
    fields.write(0);
    send(out, 'E', fields.toByteArray());
  }

  private static byte[] text(String... words) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (String word : words) {
      text.writeBytes(word.getBytes(UTF_8));
      text.write(0);
    }
    return text.toByteArray();
  }

  private static void send(DataOutputStream out, char type, byte[] body) throws IOException {
    out.writeByte(type);
    out.writeInt(body.length + Integer.BYTES);
    out.write(body);
    out.flush();
  }

  @Override
  public void close() {
    server.close();
  }
}
