package dev.trafficctl.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * A first question to one address, in bytes of Kafka's protocol: which versions are spoken
 * (ApiVersions, which a broker answers to anybody, KIP-511), and, if the answer is a broker's,
 * where the brokers are, after a sign-in where the client has one. Of the answer no more is read
 * than a broker would send.
 */
final class FirstQuestion {
  private static final short API_VERSIONS = 18;
  private static final short METADATA = 3;
  private static final short SASL_HANDSHAKE = 17;
  private static final short SASL_HANDSHAKE_VERSION = 1;
  private static final short SASL_AUTHENTICATE = 36;
  private static final short METADATA_VERSION = 1;
  // Not what the request holds at this place: who sends back what came is no broker.
  private static final int CORRELATION = 0x7472_6163;
  // The end of a line and an empty one: a server that reads lines answers instead of waiting for
  // more, also one that passes over control characters before the first line, as Netty does. To a
  // broker it is a part of the client's name.
  private static final byte[] CLIENT = "trafficctl\r\n\r\n".getBytes(UTF_8);
  private static final int LONGEST_VERSIONS = 64 * 1024;
  private static final int LONGEST_SASL = 64 * 1024;
  private static final int LONGEST_METADATA = 4 * 1024 * 1024;
  private static final int REST_MILLIS = 200;
  private static final FirstAnswer NO_TLS = FirstAnswer.of(FirstAnswer.Kind.OTHER, "speaks no TLS");

  private final Tls tls;
  private final boolean asksForBrokers;
  private final SignIn signIn;
  private final int connectMillis;
  private final int answerMillis;

  /**
   * How is asked.
   *
   * @param tls how the connection is secured, or null for a plain one
   * @param asksForBrokers whether a broker is asked where the others are
   * @param signIn with what a broker wants to be signed in to before, which takes TLS; or null
   * @param connectMillis how long to wait for the connection, from 1
   * @param answerMillis how long to wait for the next bytes of an answer, from 1
   */
  FirstQuestion(
      Tls tls, boolean asksForBrokers, SignIn signIn, int connectMillis, int answerMillis) {
    if (signIn != null && tls == null) {
      throw new IllegalArgumentException("no secret is sent in the clear");
    }
    this.tls = tls;
    this.asksForBrokers = asksForBrokers;
    this.signIn = signIn;
    this.connectMillis = connectMillis;
    this.answerMillis = answerMillis;
  }

  /**
   * Asks. Who does not answer to TLS is asked once more without, and is sent no secret then, so
   * that it can be named.
   *
   * @param address one of the addresses of the endpoint's host
   */
  FirstAnswer ask(InetAddress address, Endpoint endpoint) {
    FirstAnswer answer = once(address, endpoint);
    boolean withoutTls =
        tls != null && (answer.kind() == FirstAnswer.Kind.CLOSED || answer.equals(NO_TLS));
    return withoutTls
        ? named(
            answer,
            new FirstQuestion(null, false, null, connectMillis, answerMillis),
            address,
            endpoint)
        : answer;
  }

  private static FirstAnswer named(
      FirstAnswer answer, FirstQuestion plain, InetAddress address, Endpoint endpoint) {
    FirstAnswer bare = plain.once(address, endpoint);
    return switch (bare.kind()) {
      case KAFKA -> FirstAnswer.of(answer.kind(), "is a Kafka broker without TLS");
      case OTHER ->
          bare.words().equals(OtherServer.SPEAKS_TLS)
              ? answer
              : FirstAnswer.of(bare.kind(), bare.words() + ", without TLS");
      default -> answer;
    };
  }

  private FirstAnswer once(InetAddress address, Endpoint endpoint) {
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(address, endpoint.port()), connectMillis);
      plain.setSoTimeout(answerMillis);
      return tls == null ? ask(plain) : secured(plain, endpoint);
    } catch (SocketTimeoutException e) {
      return FirstAnswer.of(FirstAnswer.Kind.NOBODY, "says nothing");
    } catch (ConnectException e) {
      return FirstAnswer.of(FirstAnswer.Kind.NOBODY, "refuses the connection");
    } catch (EOFException | SocketException e) {
      return closed();
    } catch (IOException e) {
      return FirstAnswer.of(FirstAnswer.Kind.NOBODY, "cannot be reached");
    }
  }

  private FirstAnswer secured(Socket plain, Endpoint endpoint) throws IOException {
    try (Socket secured = tls.over(plain, endpoint)) {
      return ask(secured);
    } catch (SSLException e) {
      if (String.valueOf(e.getMessage()).contains("unrecognized SSL message")) {
        return NO_TLS;
      }
      return e.getCause() instanceof EOFException
          ? closed()
          : FirstAnswer.of(FirstAnswer.Kind.UNKNOWN, "cannot be reached by TLS");
    }
  }

  private FirstAnswer closed() {
    return FirstAnswer.of(
        FirstAnswer.Kind.CLOSED,
        "ends the connection without an answer (perhaps it "
            + (tls == null ? "wants TLS)" : "speaks no TLS)"));
  }

  private FirstAnswer ask(Socket socket) throws IOException {
    send(socket, request(API_VERSIONS, (short) 0, ByteBuffer.allocate(0)));
    byte[] first = firstBytes(socket);
    if (!isBroker(first)) {
      return FirstAnswer.of(FirstAnswer.Kind.OTHER, OtherServer.words(more(first, socket)));
    }
    if (!asksForBrokers) {
      return FirstAnswer.broker(List.of());
    }
    try {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      in.skipNBytes(ByteBuffer.wrap(first).getInt() - Integer.BYTES);
      return FirstAnswer.broker(isSignedIn(socket, in) ? brokers(socket, in) : List.of());
    } catch (IOException e) {
      // That it is a broker is known all the same.
      return FirstAnswer.broker(List.of());
    }
  }

  private static boolean isBroker(byte[] first) {
    if (first.length < 2 * Integer.BYTES) {
      return false;
    }
    ByteBuffer start = ByteBuffer.wrap(first);
    int length = start.getInt();
    return length >= Integer.BYTES && length <= LONGEST_VERSIONS && start.getInt() == CORRELATION;
  }

  /** The length and the correlation id, if it is a broker who answers; at least one byte. */
  private byte[] firstBytes(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    int first = in.read();
    if (first < 0) {
      throw new EOFException();
    }
    byte[] bytes = new byte[2 * Integer.BYTES];
    bytes[0] = (byte) first;
    return Arrays.copyOf(bytes, fill(bytes, 1, in));
  }

  /** As much as comes in time; the answer is how many bytes there are then. */
  private static int fill(byte[] bytes, int from, InputStream in) {
    int filled = from;
    try {
      for (int more = 0; filled < bytes.length && more >= 0; filled += Math.max(0, more)) {
        more = in.read(bytes, filled, bytes.length - filled);
      }
    } catch (IOException e) {
      // What has come is enough to tell.
      return filled;
    }
    return filled;
  }

  private static void send(Socket socket, byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** With a request header of version 1. */
  private static byte[] request(short key, short version, ByteBuffer body) {
    int length = 2 * Short.BYTES + Integer.BYTES + Short.BYTES + CLIENT.length + body.remaining();
    return ByteBuffer.allocate(Integer.BYTES + length)
        .putInt(length)
        .putShort(key)
        .putShort(version)
        .putInt(CORRELATION)
        .putShort((short) CLIENT.length)
        .put(CLIENT)
        .put(body)
        .array();
  }

  /** What follows the header of an answer. */
  private static ByteBuffer answer(DataInputStream in, int longest) throws IOException {
    int length = in.readInt();
    if (length < 2 * Integer.BYTES || length > longest || in.readInt() != CORRELATION) {
      throw new IOException("not an answer to what was asked");
    }
    byte[] body = in.readNBytes(length - Integer.BYTES);
    if (body.length < length - Integer.BYTES) {
      throw new EOFException();
    }
    return ByteBuffer.wrap(body);
  }

  /**
   * Whether the broker answers more than the first question: also after the sign-in where it wants
   * one, as KIP-152 has it. One at a time, and none after a refusal.
   */
  private boolean isSignedIn(Socket socket, DataInputStream in) throws IOException {
    if (signIn == null) {
      return true;
    }
    synchronized (signIn) {
      if (signIn.isRefused()) {
        return false;
      }
      byte[] mechanism = SignIn.PLAIN.getBytes(UTF_8);
      ByteBuffer wanted = ByteBuffer.allocate(Short.BYTES + mechanism.length);
      wanted.putShort((short) mechanism.length).put(mechanism).flip();
      send(socket, request(SASL_HANDSHAKE, SASL_HANDSHAKE_VERSION, wanted));
      if (answer(in, LONGEST_SASL).getShort() != 0) {
        return false;
      }
      byte[] token = signIn.token();
      ByteBuffer credentials = ByteBuffer.allocate(Integer.BYTES + token.length);
      credentials.putInt(token.length).put(token).flip();
      send(socket, request(SASL_AUTHENTICATE, (short) 0, credentials));
      boolean accepted = answer(in, LONGEST_SASL).getShort() == 0;
      if (!accepted) {
        signIn.refuse();
      }
      return accepted;
    }
  }

  private static List<Endpoint> brokers(Socket socket, DataInputStream in) throws IOException {
    // Asked about an empty list of topics.
    send(socket, request(METADATA, METADATA_VERSION, ByteBuffer.allocate(Integer.BYTES)));
    ByteBuffer answer = answer(in, LONGEST_METADATA);
    List<Endpoint> brokers = new ArrayList<>();
    try {
      for (int left = answer.getInt(); left > 0; left--) {
        answer.getInt();
        byte[] host = new byte[answer.getShort()];
        answer.get(host);
        brokers.add(new Endpoint(new String(host, UTF_8), answer.getInt()));
        int rack = answer.getShort();
        answer.position(answer.position() + Math.max(0, rack));
      }
    } catch (BufferUnderflowException | IllegalArgumentException | NegativeArraySizeException e) {
      throw new IOException("not in the form of Metadata, version " + METADATA_VERSION, e);
    }
    return brokers;
  }

  /** The beginning of what is answered. */
  private static byte[] more(byte[] first, Socket socket) {
    byte[] bytes = Arrays.copyOf(first, OtherServer.SHOWN);
    try {
      socket.setSoTimeout(REST_MILLIS);
      return Arrays.copyOf(bytes, fill(bytes, first.length, socket.getInputStream()));
    } catch (IOException e) {
      return first;
    }
  }
}
