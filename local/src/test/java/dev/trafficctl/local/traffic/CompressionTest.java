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

  @Test
  void namesWhatItDoesNotRead() throws IOException {
    byte[] zip = {'P', 'K', 3, 4, 20, 0};
    Compression found = Compression.of(new ByteArrayInputStream(zip));

    assertThat(found).hasToString("a zip archive");
    assertThat(found.isReadable()).isFalse();
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
