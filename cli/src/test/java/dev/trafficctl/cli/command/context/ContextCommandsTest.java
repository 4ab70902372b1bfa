package dev.trafficctl.cli.command.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.TestConsole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands on contexts print, keep and refuse. */
class ContextCommandsTest {
  private static final String NOTHING = "CURRENT  NAME  FLINK  JOB  PROTECTED\n";

  private final TestConsole console = TestConsole.frozen();
  private Path file;

  @TempDir Path directory;

  @BeforeEach
  void configuration() {
    file = directory.resolve("trafficctl/config.yaml");
    console.with("XDG_CONFIG_HOME", directory.toString());
  }

  /** Runs a command beside a local stack that was never made. */
  private int context(String verb, String... arguments) {
    String[] all = new String[arguments.length + 4];
    all[0] = "context";
    all[1] = verb;
    all[2] = "--directory";
    all[3] = directory.resolve("stack").toString();
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    return console.run(all);
  }

  private void done(String err, String verb, String... arguments) {
    assertThat(context(verb, arguments)).as(console.err()).isZero();
    assertThat(console.err()).isEqualTo(err);
  }

  private void usage(String err, String verb, String... arguments) throws IOException {
    String before = Files.exists(file) ? Files.readString(file) : null;
    assertThat(context(verb, arguments)).isEqualTo(2);
    assertThat(console.err()).isEqualTo("trafficctl: " + err + "\n");
    assertThat(console.out()).isEqualTo("");
    assertThat(Files.exists(file) ? Files.readString(file) : null).isEqualTo(before);
  }

  private void production() {
    done(
        "saved the context production\n"
            + "make it the current one with: trafficctl context use production\n",
        "set",
        "production",
        "--flink=https://flink.example.com",
        "--flink-ca-certificate=/certificates/ca.pem",
        "--flink-bearer-token-file=/secrets/token",
        "--kafka-url=broker:9092",
        "--kafka-property=client.rack=a",
        "--job=traffic",
        "--savepoints=s3://bucket/savepoints",
        "--protected");
  }

  @Test
  void setKeepsWhatIsGiven() throws IOException {
    production();
    assertThat(Files.readString(file))
        .isEqualTo(
            """
            contexts:
              production:
                flink:
                  url: https://flink.example.com
                  ca-certificate: /certificates/ca.pem
                  bearer:
                    token-file: /secrets/token
                kafka:
                  url: broker:9092
                  properties:
                    client.rack: a
                job: traffic
                savepoints: s3://bucket/savepoints
                protected: true
            """);
  }

  @Test
  void setChangesOnlyWhatIsGivenAndTakesOutWhatIsEmpty() throws IOException {
    production();
    done("the current context is now production\n", "use", "production");
    done("saved the context other\n", "set", "other", "--flink=http://other:8081");
    done(
        "saved the context production\n",
        "set",
        "production",
        "--flink-basic-user-env=FLINK_USER",
        "--flink-basic-password-file=/secrets/password",
        "--kafka-property=client.rack=",
        "--job=",
        "--postgres-user=traffic",
        "--no-protected");
    assertThat(Files.readString(file))
        .isEqualTo(
            """
            current: production
            contexts:
              production:
                flink:
                  url: https://flink.example.com
                  ca-certificate: /certificates/ca.pem
                  basic:
                    user-env: FLINK_USER
                    password-file: /secrets/password
                kafka:
                  url: broker:9092
                postgres:
                  user: traffic
                savepoints: s3://bucket/savepoints
              other:
                flink:
                  url: http://other:8081
            """);
    done(
        "saved the context production\n",
        "set",
        "production",
        "--flink-basic-user-file=/secrets/user");
    assertThat(Files.readString(file)).contains("user-file: /secrets/user\n");
    assertThat(Files.readString(file)).doesNotContain("FLINK_USER");
  }

  @Test
  void aRelativePathIsKeptAsTheFileThatItMeansNow() throws IOException {
    done(
        "saved the context a\nmake it the current one with: trafficctl context use a\n",
        "set",
        "a",
        "--flink=https://flink",
        "--flink-bearer-token-file=token");
    assertThat(Files.readString(file))
        .contains("token-file: " + Path.of("token").toAbsolutePath() + "\n");
  }

  @Test
  void setRefusesWhatMakesNoSense() throws IOException {
    usage("flink.url: is missing; give the address of Flink's REST API", "set", "a");
    usage(
        "the context local is built in: it is the local stack; choose another name",
        "set",
        "local",
        "--flink=http://a");
    usage(
        "'../a' is no name for a context; it has up to 63 letters, digits, dots, dashes and"
            + " underscores, the first a letter or digit",
        "set",
        "../a",
        "--flink=http://a");
    production();
    usage(
        "flink.url: must be https, because certificates are given; change it, or take them out",
        "set",
        "production",
        "--flink=http://a");
    usage(
        "flink.bearer: is given beside flink.basic; take one of the two out",
        "set",
        "production",
        "--flink-bearer-token-env=T",
        "--flink-basic-user-env=U",
        "--flink-basic-password-env=P");
    usage(
        "--postgres-url: has a password in it; take it out and set POSTGRES_PASSWORD in the"
            + " environment of the Flink processes",
        "set",
        "production",
        "--postgres-url=jdbc:postgresql://h/d?password=s3cret");
  }

  @Test
  void listShowsTheContexts() {
    done("", "list");
    assertThat(console.out()).isEqualTo(NOTHING);
    production();
    done("the current context is now production\n", "use", "production");
    done("saved the context other\n", "set", "other", "--flink=http://other:8081");
    done("", "list");
    assertThat(console.out())
        .isEqualTo(
            """
            CURRENT  NAME        FLINK                      JOB      PROTECTED
            *        production  https://flink.example.com  traffic  yes
                     other       http://other:8081          -        no
            """);
    console.with("TRAFFICCTL_CONTEXT", "other");
    done("", "list", "-o", "yaml");
    assertThat(console.out())
        .isEqualTo(
            """
            apiVersion: trafficctl/v1
            contexts:
            - name: production
              current: false
              flink: https://flink.example.com
              job: traffic
              protected: true
            - name: other
              current: true
              flink: http://other:8081
              job: null
              protected: false
            """);
  }

  @Test
  void showSaysWhereSecretsComeFrom() throws IOException {
    usage(
        "there is no current context; give a name, or choose one with: trafficctl context use"
            + " NAME",
        "show");
    production();
    usage("there is no context prod; known are: local, production", "show", "prod");
    done("", "show", "production");
    assertThat(console.out())
        .isEqualTo(
            """
            SETTING                       VALUE
            name                          production
            current                       false
            protected                     true
            flink.url                     https://flink.example.com
            flink.ca-certificate          /certificates/ca.pem
            flink.bearer.token-file       /secrets/token
            kafka.url                     broker:9092
            kafka.properties.client.rack  a
            postgres.url                  -
            postgres.user                 -
            job                           traffic
            savepoints                    s3://bucket/savepoints
            checkpoints                   -
            """);
    done("the current context is now production\n", "use", "production");
    done("", "show", "-o", "yaml");
    assertThat(console.out())
        .isEqualTo(
            """
            apiVersion: trafficctl/v1
            name: production
            current: true
            protected: true
            flink:
              url: https://flink.example.com
              caCertificate: /certificates/ca.pem
              clientCertificate: null
              clientKey: null
              basic: null
              bearer:
                tokenFile: /secrets/token
                tokenEnv: null
            kafka:
              url: broker:9092
              properties:
                client.rack: a
            postgres: null
            job: traffic
            savepoints: s3://bucket/savepoints
            checkpoints: null
            maxRejected: null
            """);
  }

  @Test
  void useSaysWhenTheEnvironmentOverridesIt() throws IOException {
    production();
    usage("there is no context prod; known are: local, production", "use", "prod");
    console.with("TRAFFICCTL_CONTEXT", "other");
    done(
        "the current context is now production\n"
            + "trafficctl: but the environment overrides it here, with TRAFFICCTL_CONTEXT=other\n",
        "use",
        "production");
    console.with("TRAFFICCTL_CONTEXT", null).with("FLINK_URL", "http://elsewhere");
    done(
        "the current context is now local\n"
            + "trafficctl: but the environment overrides it here, with FLINK_URL\n",
        "use",
        "local");
  }

  @Test
  void deleteForgetsTheCurrentContextWithIt() throws IOException {
    production();
    usage("there is no context prod; known are: local, production", "delete", "prod");
    usage(
        "the context local is built in and goes with the local stack: trafficctl local down --wipe",
        "delete",
        "local");
    done("the current context is now production\n", "use", "production");
    done(
        "deleted the context production\n"
            + "trafficctl: it was the current context; choose another with: trafficctl context use"
            + " NAME\n",
        "delete",
        "production");
    done("", "list");
    assertThat(console.out()).isEqualTo(NOTHING);
  }

  @Test
  void aStackAndAnotherContextAreNotGivenTogether() {
    production();
    String stack = directory.resolve("stack").toString();
    assertThat(console.run("jobs", "--context", "production", "--directory", stack)).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: --directory means a local stack, and --context production does not; give"
                + " one\n");
    assertThat(console.run("jobs", "--directory", stack)).isEqualTo(5);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: there is no local stack; start it with: trafficctl local up --directory "
                + stack
                + "\n");
  }
}
