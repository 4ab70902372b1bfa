package dev.trafficctl.local.traffic;

import dev.trafficctl.local.traffic.ByteSource.BrokenException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** How the bytes of a file are packed or written, which its first bytes tell and not its name. */
enum Compression {
  /** RFC 1952. */
  GZIP("a gzip file", GzipMembers::new, 0x1f, 0x8b),

  /** RFC 8878, section 3.1.1. */
  ZSTD("a zstd file", in -> new ZstdCompressorInputStream(in), 0x28, 0xb5, 0x2f, 0xfd),

  /** The .xz file format, section 2.1.1.1. */
  XZ("an xz file", Compression::xz, 0xfd, '7', 'z', 'X', 'Z', 0),

  BZIP2("a bzip2 file", in -> new BZip2CompressorInputStream(in, true), 'B', 'Z', 'h'),

  ZIP("a zip archive", null, 'P', 'K', 3, 4),
  SEVEN_ZIP("a 7z archive", null, '7', 'z', 0xbc, 0xaf),
  RAR("a rar archive", null, 'R', 'a', 'r', '!'),
  LZ4("an lz4 file", null, 0x04, 0x22, 0x4d, 0x18),
  LZIP("an lzip file", null, 'L', 'Z', 'I', 'P'),
  LZOP("an lzop file", null, 0x89, 'L', 'Z', 'O'),
  COMPRESS("a file of compress", null, 0x1f, 0x9d),
  SNAPPY("a snappy file", null, 0xff, 0x06, 0x00, 0x00, 's', 'N'),
  PARQUET("a Parquet file", null, 'P', 'A', 'R', '1'),

  /** With a byte order mark, as some programs of Windows write it. */
  UTF_16LE("text in UTF-16", null, 0xff, 0xfe),
  UTF_16BE("text in UTF-16", null, 0xfe, 0xff),

  NONE("a file", in -> in);

  private static final int LONGEST = 6;

  /** More than any level of xz takes; a damaged header could ask for 4 GiB. */
  private static final int XZ_MEMORY_KIB = 128 << 10;

  private final String text;
  private final Opening opening;
  private final byte[] magic;

  Compression(String text, Opening opening, int... magic) {
    this.text = text;
    this.opening = opening;
    this.magic = new byte[magic.length];
    for (int i = 0; i < magic.length; i++) {
      this.magic[i] = (byte) magic[i];
    }
  }

  private interface Opening {
    InputStream open(InputStream in) throws IOException;
  }

  /**
   * How a stream is packed.
   *
   * @param in supports {@link InputStream#mark}, and stands where it stood afterwards
   */
  static Compression of(InputStream in) throws IOException {
    in.mark(LONGEST);
    byte[] start = in.readNBytes(LONGEST);
    in.reset();
    for (Compression each : values()) {
      if (start.length >= each.magic.length && each.begins(start)) {
        return each;
      }
    }
    throw new AssertionError("an empty magic begins everything");
  }

  /** What a file is that is packed so, with its article. */
  @Override
  public String toString() {
    return text;
  }

  /** What makes a file of it that can be read. */
  String remedy() {
    return switch (this) {
      case UTF_16LE, UTF_16BE -> "write it in UTF-8, as iconv -f UTF-16 -t UTF-8 does";
      default -> "unpack it, or pack it with gzip once";
    };
  }

  /** Whether it can be unpacked here. */
  boolean isReadable() {
    return opening != null;
  }

  /**
   * What is packed. Whatever is wrong with it is a {@link DamagedException}, here or when it is
   * read.
   *
   * @param in supports {@link InputStream#mark}
   */
  InputStream open(InputStream in) throws IOException {
    if (this == NONE) {
      return in;
    }
    try {
      return new Unpacked(opening.open(in));
    } catch (IOException | RuntimeException e) {
      throw damaged(e);
    }
  }

  private static IOException damaged(Exception e) {
    return e instanceof BrokenException broken ? broken : new DamagedException(e);
  }

  /** Packed bytes are not what they should be; its cause is an EOFException if some are missing. */
  static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    private DamagedException(Exception cause) {
      super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }
  }

  private boolean begins(byte[] start) {
    for (int i = 0; i < magic.length; i++) {
      if (start[i] != magic[i]) {
        return false;
      }
    }
    return true;
  }

  private static InputStream xz(InputStream in) throws IOException {
    return new XZInputStream(in, XZ_MEMORY_KIB);
  }

  /** Decoders meet damage with many kinds of exceptions. */
  private static final class Unpacked extends FilterInputStream {
    Unpacked(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return in.read(bytes, offset, length);
      } catch (IOException | RuntimeException e) {
        throw damaged(e);
      }
    }
  }
}
