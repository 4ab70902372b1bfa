package dev.trafficctl.cli.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatePathTest {
  @TempDir Path directory;

  @Provide
  Arbitrary<List<String>> places() {
    return Arbitraries.of("srv", "flink state", "größe", "a%20b", "x", "b;c", "chk-7", "e=1")
        .list()
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  @Provide
  Arbitrary<List<String>> detours() {
    return Arbitraries.of("/", "//", "/./", "/x/../", "///", "/././/").list().ofSize(5);
  }

  @Provide
  Arbitrary<String> beginnings() {
    return Arbitraries.of("", "file://", "File://localhost", "file:///", "FILE:/./");
  }

  @Provide
  Arbitrary<String> ends() {
    return Arbitraries.of("", "/", "//", "/.", "/_metadata", "/_metadata/", "/./_metadata");
  }

  @Property
  void everySpellingOfAPlaceIsTheSame(
      @ForAll("places") List<String> names,
      @ForAll("detours") List<String> detours,
      @ForAll("beginnings") String beginning,
      @ForAll("ends") String end) {
    StringBuilder spelled = new StringBuilder(beginning);
    for (int i = 0; i < names.size(); i++) {
      spelled.append(detours.get(i)).append(names.get(i));
    }
    spelled.append(end);

    StatePath path = StatePath.of(spelled.toString());

    String plain = "/" + String.join("/", names);
    assertThat(path.text()).isEqualTo("file:" + plain);
    assertThat(path).isEqualTo(StatePath.of(plain)).hasSameHashCodeAs(StatePath.of(plain));
    assertThat(StatePath.of(path.text()).text()).isEqualTo(path.text());
    assertThat(StatePath.problem(spelled.toString())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "s3://b/savepoint-1, s3://b/savepoint-1",
    "S3://Bucket//c///chk-7/, s3://Bucket/c/chk-7",
    "s3a://b/x/./y/../savepoint-1/_metadata, s3a://b/x/savepoint-1",
    "hdfs:///flink/savepoint-1, hdfs:///flink/savepoint-1",
    "hdfs://name:8020/a%20b/, hdfs://name:8020/a%20b",
  })
  void aUrlKeepsItsAuthority(String spelled, String text) {
    assertThat(StatePath.of(spelled).text()).isEqualTo(text);
    assertThat(StatePath.of(spelled).local()).isEmpty();
    assertThat(StatePath.of(text).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "  ", "a\nb", "a\u0000b", "file:", "file://nas/x", "file://localhost"})
  void saysWhatIsNoPlace(String given) {
    assertThat(StatePath.problem(given)).isPresent();
  }

  @Test
  void aRelativePathIsMadeAbsolute() {
    String here = "file:" + Path.of("").toAbsolutePath();

    assertThat(StatePath.of("savepoints/savepoint-1").text())
        .isEqualTo(here + "/savepoints/savepoint-1");
    assertThat(StatePath.of("./x/../savepoint-1/_metadata").text())
        .isEqualTo(here + "/savepoint-1");
  }

  @Test
  void aSymbolicLinkIsTheSamePlaceAsWhatItNames() throws IOException {
    Path real = Files.createDirectories(directory.toRealPath().resolve("real"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);

    assertThat(StatePath.of(link.toString()).resolved().text()).isEqualTo("file:" + real);
    assertThat(StatePath.of(link + "/savepoint-1")).isEqualTo(StatePath.of(real + "/savepoint-1"));
    assertThat(StatePath.of(link + "/savepoint-1").text())
        .isEqualTo("file:" + directory + "/link/savepoint-1");
  }

  @ParameterizedTest
  @CsvSource({
    "/c/chk-7, true", "file:/c/chk-7/_metadata, true", "s3://b/chk-12/, true",
    "/c/chk-7/savepoint-1, false", "/c/chk-, false", "/c/savepoint-chk-1, false"
  })
  void tellsACheckpointByItsName(String path, boolean checkpoint) {
    assertThat(StatePath.of(path).namesCheckpoint()).isEqualTo(checkpoint);
  }
}
