package dev.trafficctl.local.traffic;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * What all members of a gzip stream hold, one after the other (RFC 1952, section 2.2). Behind a
 * member there is another one, the end, or zeros up to the end, as they fill up the last block of a
 * tape; anything else is damage and an {@link IOException}.
 *
 * <p>{@link java.util.zip.GZIPInputStream} takes a member whose header it cannot read for the end,
 * and so does it on a pipe that has nothing to give at that moment.
 */
final class GzipMembers extends InputStream {
  private final InputStream in;
  private final byte[] single = new byte[1];
  private GzipCompressorInputStream member;

  /**
   * Begins with the first member.
   *
   * @param in supports {@link InputStream#mark}, and stands at a member
   */
  GzipMembers(InputStream in) throws IOException {
    this.in = in;
    this.member = member();
  }

  @Override
  public int read() throws IOException {
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    while (member != null) {
      int read = member.read(bytes, offset, length);
      if (read > 0) {
        return read;
      }
      if (read < 0) {
        member.close();
        member = isAtEnd() ? null : member();
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private GzipCompressorInputStream member() throws IOException {
    // At the end of a member the stream is set back to what follows it, which it must not close.
    return new GzipCompressorInputStream(
        new FilterInputStream(in) {
          @Override
          public void close() {}
        });
  }

  private boolean isAtEnd() throws IOException {
    in.mark(1);
    int next = in.read();
    if (next > 0) {
      in.reset();
      return false;
    }
    while (next == 0) {
      next = in.read();
    }
    if (next > 0) {
      throw new IOException("zeros with something behind them follow a member");
    }
    return true;
  }
}
