package dev.trafficctl.local.traffic;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the bytes of a log come from: a file, or something that can be read only once and may have
 * nothing to give for a while, such as a named pipe.
 */
final class ByteSource {
  /** Stands for what is written to the standard input. */
  private static final Path STANDARD_INPUT = Path.of("-");

  private static final int BUFFER = 1 << 16;

  private ByteSource() {}

  /** What a message calls it. */
  static String name(Path file) {
    return file.equals(STANDARD_INPUT) ? "the standard input" : file.toString();
  }

  /** Whether it does not begin anew when it is opened again. */
  static boolean isReadOnce(Path file) {
    return file.equals(STANDARD_INPUT)
        || Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
  }

  /**
   * Opens it. The stream can be marked; a thread that waits in it can be interrupted, which closes
   * it.
   *
   * @throws IOException if it cannot be opened; when it cannot be read on, a {@link
   *     BrokenException}
   */
  static InputStream open(Path file) throws IOException {
    ReadableByteChannel channel =
        file.equals(STANDARD_INPUT)
            ? new FileInputStream(FileDescriptor.in).getChannel()
            : Files.newByteChannel(file);
    return new BufferedInputStream(new ChannelStream(channel), BUFFER);
  }

  /** The source itself cannot be read on; nothing is said about what it holds. */
  static final class BrokenException extends IOException {
    private static final long serialVersionUID = 1L;

    private BrokenException(IOException cause) {
      super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }
  }

  /**
   * The stream of {@code java.nio.channels.Channels} asks how much is there, which no pipe can
   * tell.
   */
  private static final class ChannelStream extends InputStream {
    private final ReadableByteChannel channel;
    private final byte[] single = new byte[1];

    ChannelStream(ReadableByteChannel channel) {
      this.channel = channel;
    }

    @Override
    public int read() throws IOException {
      return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return channel.read(ByteBuffer.wrap(bytes, offset, length));
      } catch (IOException e) {
        throw new BrokenException(e);
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
