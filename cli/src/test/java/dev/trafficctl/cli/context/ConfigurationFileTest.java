package dev.trafficctl.cli.context;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationFileTest {
  private static final String FLINK = "flink: {url: 'http://flink:8081'}";
  private static final String PRODUCTION = "contexts:\n  production:\n    " + FLINK + "\n";

  private Path path;
  private ConfigurationFile file;

  @TempDir Path directory;

  @BeforeEach
  void place() throws IOException {
    file =
        ConfigurationFile.in(Map.of("XDG_CONFIG_HOME", directory.toString()), new ShellCommands());
    path = directory.resolve("trafficctl/config.yaml");
    Files.createDirectory(path.getParent());
  }

  private void holds(byte[] content) throws IOException {
    Files.write(path, content);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
  }

  /** The page of the contexts promises a file with all that there is. */
  @Test
  void takesTheFileOfThePage() throws IOException {
    String page = Files.readString(Path.of("../docs/contexts.md"));
    int begin = page.indexOf("```yaml\n") + "```yaml\n".length();
    holds(page.substring(begin, page.indexOf("```", begin)).getBytes(UTF_8));

    Configuration read = file.read();

    assertThat(read.current()).isEqualTo("production");
    assertThat(read.contexts()).containsOnlyKeys("production", "staging");
  }

  private static Arguments wrong(String yaml, String message) {
    return Arguments.of(yaml, message);
  }

  private static Arguments wrongFlink(String flink, String message) {
    return wrong("contexts:\n  a:\n    flink: {" + flink + "}\n", ": contexts.a.flink." + message);
  }

  private static Arguments wrongKey(String key, String message) {
    return wrong(PRODUCTION + "    " + key + "\n", ": contexts.production." + message);
  }

  static Stream<Arguments> wrongFiles() {
    String section = ": must be a section with keys of its own";
    String noYaml = ": is no YAML: ";
    return Stream.of(
        wrong(
            "contexts:\n\ta: b",
            ", line 2, column 1"
                + noYaml
                + "found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for"
                + " indentation)"),
        wrong(
            "contexts: {",
            ", line 1, column 12" + noYaml + "expected the node content, but found '<stream end>'"),
        wrong("contexts: 'a", ", line 1, column 13" + noYaml + "found unexpected end of stream"),
        wrong("a: \u0000", ", line 1, column 1: is no YAML that can be read; check it there"),
        wrong("[".repeat(20_000), ": is no YAML that can be read; check it there"),
        wrong("[]", ", line 1, column 1: the document" + section),
        wrong("text", ", line 1, column 1: the document" + section),
        wrong("contexts: 3", ", line 1, column 11: contexts" + section),
        wrong("contexts:\n  a: [1]", ", line 2, column 6: contexts.a" + section),
        wrong("contexts:\n  a: {flink: b}", ", line 2, column 14: contexts.a.flink" + section),
        wrong("contexts:\n  a:\n", ": contexts.a: is empty; give it flink.url, or take it out"),
        wrong(
            "contexts:\n  a: {}\n",
            ": contexts.a.flink.url: is missing; give the address of" + " Flink's REST API"),
        wrong(
            "contexts:\n  local:\n    " + FLINK,
            ": contexts.local: the context local is built"
                + " in: it is the local stack; choose another name"),
        wrong(
            "contexts:\n  -x:\n    " + FLINK,
            ": contexts.-x: '-x' is no name for a context; it has up to 63 letters, digits, dots,"
                + " dashes and underscores, the first a letter or digit"),
        wrong(
            PRODUCTION + "  production:\n    " + FLINK,
            ", line 4, column 13: a key is given" + " twice; take one of the two out"),
        wrong(
            PRODUCTION + "---\na: b",
            ", line 5, column 1: a second document begins here; put" + " all contexts into one"),
        wrong(
            PRODUCTION + "    job: b\n    savepoints: *a",
            ", line 5, column 17: an alias is"
                + " not understood here; write out what it stands for"),
        wrong(
            PRODUCTION + "    job: &a b",
            ", line 4, column 10: an anchor is not understood here; take it out, or use quotes"),
        wrong(
            PRODUCTION + "    job: !prod",
            ", line 4, column 10: a tag is not understood here; take it out, or use quotes"),
        wrong(
            PRODUCTION + "    protected: !!bool true",
            ", line 4, column 16: a tag is not understood here; take it out, or use quotes"),
        wrong(
            "contexts: &all\n  a: {flink: {url: 'http://f:1'}}",
            ", line 1, column 11: an anchor is not understood here; take it out, or use quotes"),
        wrong(
            "currant: a",
            ", line 1, column 11: currant: there is no such key; known are:"
                + " contexts, current"),
        wrong(
            "current: a\n" + PRODUCTION,
            ": current: there is no context a; known are: local," + " production"),
        wrong(
            PRODUCTION + "    jobs: a",
            ", line 4, column 12: contexts.production.jobs: there"
                + " is no such key; known are: checkpoints, flink, job, kafka, max-rejected, postgres, protected,"
                + " savepoints"),
        wrong(
            PRODUCTION + "    job: 5",
            ", line 4, column 10: contexts.production.job: must be"
                + " text; put a number, true and false in quotes"),
        wrong(
            PRODUCTION + "    job: true",
            ", line 4, column 10: contexts.production.job: must"
                + " be text; put a number, true and false in quotes"),
        wrong(
            PRODUCTION + "    job: [a]",
            ", line 4, column 10: contexts.production.job: must"
                + " be text; put a number, true and false in quotes"),
        wrong(
            PRODUCTION + "    protected: maybe",
            ", line 4, column 16:" + " contexts.production.protected: must be true or false"),
        wrong(
            PRODUCTION + "    protected: 1",
            ", line 4, column 16:" + " contexts.production.protected: must be true or false"),
        wrong(
            "contexts:\n  a:\n    flink:\n      basic:\n        password: s3cret",
            ", line 5, column 25: contexts.a.flink.basic.password: a secret is never written here;"
                + " give flink.basic.user-file, flink.basic.password-file or"
                + " flink.bearer.token-file, or the name of a variable with -env"),
        wrongFlink(
            "url: 'flink:8081'",
            "url: 'flink:8081' is not the address of a Flink; give"
                + " for example http://host:8081"),
        wrongFlink(
            "url: 'https://u:s3cret@h'",
            "url: the address of the Flink on h has a user or a password in it; take them out and"
                + " give them to a context: trafficctl context set --help"),
        wrongFlink("url: ''", "url: is empty; give a value, or take it out"),
        wrongFlink(
            "url: 'https://h', ca-certificate: \"a\\nb\"",
            "ca-certificate: holds a control" + " character; take it out"),
        wrongFlink(
            "url: 'http://h', ca-certificate: a",
            "url: must be https, because" + " certificates are given; change it, or take them out"),
        wrongFlink(
            "url: 'https://h', client-certificate: a",
            "client-key: is missing; a client" + " certificate and its key go together"),
        wrongFlink(
            "url: 'https://h', client-key: a",
            "client-certificate: is missing; a client" + " certificate and its key go together"),
        wrongFlink(
            "url: 'http://h', bearer: {token-env: T}",
            "url: must be https, because a token"
                + " would go over the network readable by others; change it, or take that out"),
        wrongFlink(
            "url: 'http://127.0.0.1.example.com', basic: {user-env: U, password-env: P}",
            "url: must be https, because a password would go over the network readable by others;"
                + " change it, or take that out"),
        wrongFlink(
            "url: 'https://h', bearer: {}",
            "bearer.token-file: is missing; give that or"
                + " flink.bearer.token-env, the name of a variable"),
        wrongFlink(
            "url: 'https://h', basic: {user-env: U}",
            "basic.password-file: is missing; give"
                + " that or flink.basic.password-env, the name of a variable"),
        wrongFlink(
            "url: 'https://h', bearer: {token-env: T, token-file: t}",
            "bearer.token-env:"
                + " is given beside flink.bearer.token-file; take one of the two out"),
        wrongFlink(
            "url: 'https://h', bearer: {token-env: 'ey.s3cret'}",
            "bearer.token-env: is no"
                + " name of an environment variable; give a name, never the secret"),
        wrongFlink(
            "url: 'https://h', bearer: {token-env: T}, basic: {user-env: U, password-env:" + " P}",
            "bearer: is given beside flink.basic; take one of the two out"),
        wrongKey(
            "kafka: {url: broker}",
            "kafka.url: 'broker' is not host:port; give for example" + " broker-1:9092"),
        wrongKey(
            "kafka: {properties: {client.rack: ~}}",
            "kafka.properties.client.rack: has no" + " value; give one, or take it out"),
        wrongKey(
            "postgres: {url: 'mysql:x'}",
            "postgres.url: is no Postgres URL; give" + " jdbc:postgresql://host:port/database"),
        wrongKey(
            "postgres: {url: 'jdbc:postgresql://h/d?password=s3cret'}",
            "postgres.url: has a"
                + " password in it; take it out and set POSTGRES_PASSWORD in the environment of the"
                + " Flink processes"));
  }

  @ParameterizedTest
  @MethodSource("wrongFiles")
  void whatIsWrongIsSaidInOneLineWithItsPlace(String yaml, String message) throws IOException {
    holds(yaml.getBytes(UTF_8));
    assertThatThrownBy(file::read)
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.FAILED))
        .hasMessage(path + message);
    assertThatThrownBy(file::read).hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> file.update(now -> now.withCurrent("local")))
        .hasMessage(path + message);
    assertThat(Files.readString(path)).isEqualTo(yaml);
  }

  @Test
  void kafkaPropertiesThatWouldCarryASecretCannotBeSet() throws IOException {
    holds((PRODUCTION + "    kafka: {properties: {sasl.jaas.config: s3cret}}\n").getBytes(UTF_8));
    assertThatThrownBy(file::read)
        .hasMessageStartingWith(
            path
                + ": contexts.production.kafka.properties.sasl.jaas.config: cannot be set; those"
                + " that can: client.dns.lookup, client.rack, ")
        .hasMessageNotContaining("s3cret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "# nothing yet\n", "---\n", "contexts:\n", "contexts: {}"})
  void aFileThatHoldsNothing(String yaml) throws IOException {
    holds(yaml.getBytes(UTF_8));
    assertThat(file.read()).isEqualTo(new Configuration(null, Map.of()));
  }

  @Test
  void aFileThatIsNotThere() {
    assertThat(file.read()).isEqualTo(new Configuration(null, Map.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx--x---"})
  void aFileThatOthersHaveAccessToIsNotUsed(String permissions) throws IOException {
    holds(PRODUCTION.getBytes(UTF_8));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    String message = path + ": others than its owner have access; run: chmod 600 " + path;
    assertThatThrownBy(file::read).hasMessage(message);
    assertThatThrownBy(() -> file.update(now -> now.without("production"))).hasMessage(message);
    assertThat(Files.readString(path)).isEqualTo(PRODUCTION);
  }

  @Test
  void bytesThatAreNoText() throws IOException {
    holds("contexts: {ü: }".getBytes(ISO_8859_1));
    assertThatThrownBy(file::read).hasMessage(path + ": is no UTF-8 text; save it as UTF-8");
    holds(new byte[1024 * 1024 + 1]);
    assertThatThrownBy(file::read)
        .hasMessage(path + ": is larger than 1 MiB; take out what does not belong there");
    Files.delete(path);
    Files.createDirectory(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    assertThatThrownBy(file::read)
        .hasMessage(path + ": cannot be read; check what it is and who owns it");
  }

  @Test
  void readsEveryKey() throws IOException {
    holds(
        """
        current: production
        contexts:
          production:
            flink:
              url: https://flink.example.com/gate
              ca-certificate: ca.pem
              client-certificate: client.pem
              client-key: client.key
              basic: {user-file: user, password-env: PASSWORD}
            kafka:
              url: a:1,b:2
              properties: {client.rack: r}
            postgres: {url: 'jdbc:postgresql://h/d', user: u}
            job: traffic
            savepoints: s3://s
            checkpoints: s3://c
            max-rejected: 2.5
            protected: true
          staging:
            flink: {url: 'http://localhost:8081', bearer: {token-env: TOKEN}}
            protected: no
        """
            .getBytes(UTF_8));
    Map<String, Context> contexts = new LinkedHashMap<>();
    contexts.put(
        "production",
        new Context(
            new Context.Flink(
                "https://flink.example.com/gate",
                "ca.pem",
                "client.pem",
                "client.key",
                new Context.Basic("user", null, null, "PASSWORD"),
                null),
            new Context.Kafka("a:1,b:2", Map.of("client.rack", "r")),
            new Context.Postgres("jdbc:postgresql://h/d", "u"),
            "traffic",
            "s3://s",
            "s3://c",
            2.5,
            true));
    contexts.put(
        "staging",
        new Context(
            new Context.Flink(
                "http://localhost:8081", null, null, null, null, new Context.Bearer(null, "TOKEN")),
            null,
            null,
            null,
            null,
            null,
            null,
            false));
    assertThat(file.read()).isEqualTo(new Configuration("production", contexts));
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    Random random = new Random(1);
    String characters = "ab1 -:#'\"{}[]&*!|>%@`,?=~.ü\u202e\\/";
    List<String> words =
        List.of("true", "no", "null", "~", "1", "0x1f", "1e3", "---", "a: b", "*a");
    for (int i = 0; i < 300; i++) {
      String text =
          i < words.size()
              ? words.get(i)
              : random
                      .ints(1 + random.nextInt(100), 0, characters.length())
                      .mapToObj(at -> characters.substring(at, at + 1))
                      .collect(Collectors.joining())
                  + "x";
      Context context =
          new Context(
              new Context.Flink("http://flink:8081", null, null, null, null, null),
              new Context.Kafka(null, Map.of("client.rack", text)),
              new Context.Postgres(null, text),
              text,
              text,
              null,
              i % 2 == 0 ? null : i / 3.0,
              random.nextBoolean());
      Configuration written =
          file.update(now -> now.with("a", context, new ShellCommands()).withCurrent("a"));
      assertThat(file.read()).isEqualTo(written);
      assertThat(written.contexts().get("a")).isEqualTo(context);
    }
  }

  @Test
  void onlyTheOwnerHasAccessToWhatIsWritten() throws IOException {
    Files.delete(path.getParent());
    file.update(now -> now.withCurrent("local"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())))
        .isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(path.getParent())) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .containsExactlyInAnyOrder("config.yaml", "config.lock");
    }
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path real = directory.resolve("dotfiles.yaml");
    holds(PRODUCTION.getBytes(UTF_8));
    Files.move(path, real);
    Files.createSymbolicLink(path, real);
    file.update(now -> now.withCurrent("production"));
    assertThat(path).isSymbolicLink();
    assertThat(Files.readString(real)).startsWith("current: production\n");
  }

  @Test
  void aDirectoryThatCannotBeWrittenTo() throws IOException {
    Files.delete(path.getParent());
    Files.writeString(path.getParent(), "a file");
    assertThatThrownBy(() -> file.update(now -> now.withCurrent("local")))
        .hasMessage(path + ": cannot be written; check who owns it and the space on the disk");
  }

  @Test
  void theHomeDirectoryIsTheDefault() {
    assertThat(ConfigurationFile.in(Map.of("HOME", "/home/alice"), new ShellCommands()).path())
        .isEqualTo(Path.of("/home/alice/.config/trafficctl/config.yaml"));
    assertThat(
            ConfigurationFile.in(
                    Map.of("HOME", "/home/alice", "XDG_CONFIG_HOME", "here"), new ShellCommands())
                .path())
        .isEqualTo(Path.of("/home/alice/.config/trafficctl/config.yaml"));
  }
}
