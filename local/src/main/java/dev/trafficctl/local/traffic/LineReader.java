package dev.trafficctl.local.traffic;

import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The lines of a stream as bytes, without what ends them: LF or CR LF, and without zero bytes in
 * front of them. A server that goes on writing where it was into a log that was emptied leaves such
 * a hole, which is read as zeros.
 */
final class LineReader implements Closeable {
  /** No log has longer lines; without a limit a file of another kind would fill the memory. */
  static final int LONGEST = 32 << 20;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private final ByteArrayBuilder line = new ByteArrayBuilder();
  private int position;
  private int limit;
  private long zeros;

  LineReader(InputStream in) {
    this.in = in;
  }

  /**
   * The next line, or null at the end.
   *
   * @throws LineTooLongException when it has more than {@link #LONGEST} bytes
   */
  byte[] next() throws IOException {
    line.reset();
    skipZeros();
    while (true) {
      if (position == limit && !fill()) {
        return line.size() == 0 ? null : ended();
      }
      int newline = position;
      while (newline < limit && buffer[newline] != '\n') {
        newline++;
      }
      line.write(buffer, position, newline - position);
      if (line.size() > LONGEST) {
        throw new LineTooLongException();
      }
      position = newline;
      if (newline < limit) {
        position++;
        return ended();
      }
    }
  }

  /** How many zero bytes in front of lines were passed over so far. */
  long zeros() {
    return zeros;
  }

  private void skipZeros() throws IOException {
    while (position < limit || fill()) {
      int from = position;
      while (position < limit && buffer[position] == 0) {
        position++;
      }
      zeros += position - from;
      if (position < limit) {
        return;
      }
    }
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }

  private byte[] ended() {
    byte[] bytes = line.toByteArray();
    int length = bytes.length;
    return length > 0 && bytes[length - 1] == '\r' ? Arrays.copyOf(bytes, length - 1) : bytes;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** A line has more than {@link #LONGEST} bytes. */
  static final class LineTooLongException extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
