package dev.trafficctl.local.traffic;

import dev.trafficctl.local.traffic.ByteSource.BrokenException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** How the bytes of a file are packed or written, which its first bytes tell and not its name. */
enum Compression {
  /** RFC 1952. */
  GZIP("a gzip file", GzipMembers::new, 0x1f, 0x8b),

  /** RFC 8878, section 3.1.1. */
  ZSTD("a zstd file", Compression::zstd, 0x28, 0xb5, 0x2f, 0xfd),

  /** One that begins with a skippable frame (section 3.1.2), as pzstd writes each. */
  ZSTD_BEHIND_A_FRAME(
      "a zstd file", Compression::zstd, Magic.FIFTY_TO_FIFTY_NINE, 0x2a, 0x4d, 0x18),

  /** The .xz file format, section 2.1.1.1. */
  XZ("an xz file", Compression::xz, 0xfd, '7', 'z', 'X', 'Z', 0),

  BZIP2("a bzip2 file", in -> new BZip2CompressorInputStream(in, true), 'B', 'Z', 'h'),

  ZIP("a zip archive", null, 'P', 'K', 3, 4),
  SEVEN_ZIP("a 7z archive", null, '7', 'z', 0xbc, 0xaf),
  RAR("a rar archive", null, 'R', 'a', 'r', '!'),
  LZMA("an lzma file", null, 0x5d, 0x00, 0x00),
  LZ4("an lz4 file", null, 0x04, 0x22, 0x4d, 0x18),
  LZIP("an lzip file", null, 'L', 'Z', 'I', 'P'),
  LZOP("an lzop file", null, 0x89, 'L', 'Z', 'O'),
  COMPRESS("a file of compress", null, 0x1f, 0x9d),
  SNAPPY("a snappy file", null, 0xff, 0x06, 0x00, 0x00, 's', 'N'),
  AR("an ar archive", null, '!', '<', 'a', 'r', 'c', 'h'),
  CPIO("a cpio archive", null, '0', '7', '0', '7', '0'),

  /** POSIX 1003.1, pax interchange format; in the header of the first file. */
  TAR("a tar archive", null),

  PARQUET("a Parquet file", null, 'P', 'A', 'R', '1'),
  AVRO("an Avro file", null, 'O', 'b', 'j', 1),
  ORC("an ORC file", null, 'O', 'R', 'C'),
  ARROW("an Arrow file", null, 'A', 'R', 'R', 'O', 'W', '1'),
  SQLITE("an SQLite database", null, 'S', 'Q', 'L', 'i', 't', 'e'),
  PDF("a PDF document", null, '%', 'P', 'D', 'F', '-'),
  OFFICE("a document of Microsoft Office", null, 0xd0, 0xcf, 0x11, 0xe0),
  JOURNAL("a journal of systemd", null, 'L', 'P', 'K', 'S', 'H', 'H'),
  EVENT_LOG("an event log of Windows", null, 'E', 'l', 'f', 'F', 'i', 'l'),
  ELF("a program", null, 0x7f, 'E', 'L', 'F'),
  PCAP("a capture of packets", null, 0xd4, 0xc3, 0xb2, 0xa1),
  PCAPNG("a capture of packets", null, 0x0a, 0x0d, 0x0d, 0x0a),

  /** With a byte order mark, as some programs of Windows write it. */
  UTF_16LE("text in UTF-16", null, 0xff, 0xfe),
  UTF_16BE("text in UTF-16", null, 0xfe, 0xff),

  /** Without one. */
  BARE_UTF_16LE("text in UTF-16", null, Magic.TEXT, 0, Magic.TEXT, 0, Magic.TEXT, 0),
  BARE_UTF_16BE("text in UTF-16", null, 0, Magic.TEXT, 0, Magic.TEXT, 0, Magic.TEXT),

  NONE("a file", in -> in);

  private static final int LONGEST = 6;

  private static final byte[] USTAR = {'u', 's', 't', 'a', 'r'};
  private static final int USTAR_AT = 257;

  /** More than any level of xz takes; a damaged header could ask for 4 GiB. */
  private static final int XZ_MEMORY_KIB = 128 << 10;

  private final String text;
  private final Opening opening;
  private final int[] magic;

  Compression(String text, Opening opening, int... magic) {
    this.text = text;
    this.opening = opening;
    this.magic = magic;
  }

  /** Stands in a magic for one of several bytes. */
  private static final class Magic {
    static final int FIFTY_TO_FIFTY_NINE = -1;

    /** A character of ASCII that prints. */
    static final int TEXT = -2;

    static boolean fits(int magic, byte b) {
      return switch (magic) {
        case FIFTY_TO_FIFTY_NINE -> (b & 0xf0) == 0x50;
        case TEXT -> b >= ' ' && b < 0x7f;
        default -> (byte) magic == b;
      };
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
    in.mark(USTAR_AT + USTAR.length);
    try {
      byte[] start = in.readNBytes(LONGEST);
      for (Compression each : values()) {
        if (each.begins(start)) {
          return each;
        }
      }
      return isTar(start, in) ? TAR : NONE;
    } finally {
      in.reset();
    }
  }

  /** Whoever waits for a line of a pipe does not wait for what follows it. */
  private static boolean isTar(byte[] start, InputStream in) throws IOException {
    for (byte b : start) {
      if (b == '\n') {
        return false;
      }
    }
    for (int at = start.length; at < USTAR_AT; at++) {
      int next = in.read();
      if (next < 0 || next == '\n') {
        return false;
      }
    }
    return Arrays.equals(in.readNBytes(USTAR.length), USTAR);
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
      case BARE_UTF_16LE -> "write it in UTF-8, as iconv -f UTF-16LE -t UTF-8 does";
      case BARE_UTF_16BE -> "write it in UTF-8, as iconv -f UTF-16BE -t UTF-8 does";
      case TAR ->
          "take the log out of it, as tar -xOf FILE | trafficctl local traffic --file - does";
      case PARQUET, AVRO, ORC, ARROW, SQLITE ->
          "write what is in it as JSON lines, one event on each";
      case PDF, OFFICE, JOURNAL, EVENT_LOG, ELF, PCAP, PCAPNG ->
          "name an access log or a file of JSON lines";
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
    if (magic.length == 0 || start.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if (!Magic.fits(magic[i], start[i])) {
        return false;
      }
    }
    return true;
  }

  private static InputStream zstd(InputStream in) throws IOException {
    return new ZstdCompressorInputStream(in);
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
