package dev.trafficctl.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import dev.trafficctl.local.traffic.Compression.DamagedException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class CompressionTest {
  private static final byte[] CONTENT = content();
  private static final Map<Packed, byte[]> PACKED =
      Arrays.stream(Packed.values())
          .collect(Collectors.toMap(Function.identity(), CompressionTest::pack));

  /** Those that are read, each as the tool of its name writes it: with check sums. */
  enum Packed {
    GZIP,
    ZSTD,
    XZ,
    BZIP2;

    byte[] bytes() {
      return PACKED.get(this);
    }
  }

  private static byte[] pack(Packed how) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = packer(how, packed)) {
      out.write(CONTENT);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return packed.toByteArray();
  }

  private static OutputStream packer(Packed how, OutputStream out) throws IOException {
    return switch (how) {
      case GZIP -> new GZIPOutputStream(out);
      case ZSTD ->
          ZstdCompressorOutputStream.builder().setOutputStream(out).setChecksum(true).get();
      case XZ -> new XZOutputStream(out, new LZMA2Options(0));
      case BZIP2 -> new BZip2CompressorOutputStream(out);
    };
  }

  @Property
  void whatIsPackedTwiceIsThereTwice(@ForAll Packed packed) throws IOException {
    byte[] twice = concat(packed.bytes(), packed.bytes());

    assertThat(unpacked(twice)).isEqualTo(concat(CONTENT, CONTENT));
  }

  @Property
  void whatIsCutOffIsAnError(@ForAll Packed packed, @ForAll @IntRange(max = 1 << 20) int where) {
    byte[] cut = Arrays.copyOf(packed.bytes(), 6 + where % (packed.bytes().length - 6));

    assertThatExceptionOfType(DamagedException.class).isThrownBy(() -> unpacked(cut));
  }

  @Property
  void whatIsDamagedIsAnErrorOrWholeAllTheSame(
      @ForAll Packed packed,
      @ForAll @IntRange(max = 1 << 20) int where,
      @ForAll @IntRange(min = 1, max = 255) int how,
      @ForAll boolean second)
      throws IOException {
    byte[] damaged = concat(packed.bytes(), packed.bytes());
    int at = where % packed.bytes().length + (second ? packed.bytes().length : 0);
    damaged[at] ^= (byte) how;
    if (Compression.of(new ByteArrayInputStream(damaged)) == Compression.NONE) {
      return;
    }

    byte[] read;
    try {
      read = unpacked(damaged);
    } catch (DamagedException e) {
      return;
    }
    if (!Arrays.equals(read, concat(CONTENT, CONTENT))) {
      fail("%s with byte %d changed by %d has %d other bytes", packed, at, how, read.length);
    }
  }

  @Property
  void whatFollowsIsAnError(@ForAll Packed packed, @ForAll @IntRange(min = 1, max = 255) int next) {
    byte[] followed = concat(packed.bytes(), new byte[] {(byte) next, 'x', '\n', 0});

    assertThatExceptionOfType(DamagedException.class).isThrownBy(() -> unpacked(followed));
  }

  @ParameterizedTest
  @CsvSource({
    "504b03041400, a zip archive",
    "377abcaf271c, a 7z archive",
    "526172211a07, a rar archive",
    "5d0000800000, an lzma file",
    "04224d186440, an lz4 file",
    "504152311504, a Parquet file",
    "4f626a010416, an Avro file",
    "4f5243112233, an ORC file",
    "4152524f5731, an Arrow file",
    "53514c697465, an SQLite database",
    "255044462d31, a PDF document",
    "d0cf11e0a1b1, a document of Microsoft Office",
    "4c504b534848, a journal of systemd",
    "456c6646696c, an event log of Windows",
    "7f454c460201, a program",
    "d4c3b2a10200, a capture of packets",
    "0a0d0d0a1c00, a capture of packets",
    "213c61726368, an ar archive",
    "303730373031, a cpio archive",
    "310039003200, text in UTF-16",
    "003100390032, text in UTF-16",
  })
  void namesWhatItDoesNotRead(String start, String name) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(start);
    Compression found = Compression.of(new ByteArrayInputStream(bytes));

    assertThat(found).hasToString(name);
    assertThat(found.isReadable()).isFalse();
    assertThat(found.remedy()).isNotBlank();
  }

  /**
   * pzstd begins each file with such a frame, of 4 bytes here; its number may be any of sixteen.
   */
  @Property
  void framesThatAreSkippedArePartOfAZstdFile(@ForAll @IntRange(max = 15) int number)
      throws IOException {
    byte[] frame = {(byte) (0x50 + number), 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4};
    byte[] zstd = Packed.ZSTD.bytes();

    assertThat(unpacked(concat(frame, zstd))).isEqualTo(CONTENT);
    assertThat(unpacked(concat(concat(frame, frame), zstd))).isEqualTo(CONTENT);
    assertThat(unpacked(concat(concat(zstd, frame), zstd))).isEqualTo(concat(CONTENT, CONTENT));
  }

  @Test
  void aTarArchiveIsKnownBehindTheNameOfItsFirstFile() throws IOException {
    byte[] tar = new byte[1024];
    tar[0] = 'a';
    System.arraycopy(new byte[] {'u', 's', 't', 'a', 'r'}, 0, tar, 257, 5);

    assertThat(Compression.of(new ByteArrayInputStream(tar)).toString()).isEqualTo("a tar archive");
    assertThat(Compression.of(new ByteArrayInputStream(Arrays.copyOf(tar, 261))))
        .isEqualTo(Compression.NONE);
  }

  @Test
  void whatIsShorterThanAnyBeginningIsNotPacked() throws IOException {
    assertThat(Compression.of(new ByteArrayInputStream(new byte[] {0x1f})))
        .isEqualTo(Compression.NONE);
    assertThat(Compression.of(new ByteArrayInputStream(new byte[0]))).isEqualTo(Compression.NONE);
  }

  /** Byte by byte and never with more at hand, as a slow pipe gives it. */
  private static byte[] unpacked(byte[] packed) throws IOException {
    InputStream slow =
        new FilterInputStream(new ByteArrayInputStream(packed)) {
          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return super.read(bytes, offset, Math.min(length, 7));
          }

          @Override
          public int available() {
            return 0;
          }
        };
    InputStream in = new BufferedInputStream(slow);
    return Compression.of(in).open(in).readAllBytes();
  }

  private static byte[] content() {
    byte[] content = new byte[3_000];
    new Random(1).nextBytes(content);
    Arrays.fill(content, 1_000, 2_000, (byte) 'x');
    return content;
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
