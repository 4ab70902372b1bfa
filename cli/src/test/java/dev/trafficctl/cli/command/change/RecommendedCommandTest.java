package dev.trafficctl.cli.command.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.FakeFlink;
import dev.trafficctl.cli.TestConsole;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command that is recommended means the cluster of the command that recommends it. */
class RecommendedCommandTest {
  private final TestConsole console = TestConsole.jumping();
  private final FakeFlink flink = new FakeFlink();

  @TempDir Path directory;

  @BeforeEach
  void aContext() {
    console.with("XDG_CONFIG_HOME", directory.toString());
    assertThat(console.run("context", "set", "prod", "--flink", flink.url())).isZero();
    flink.answer("/jobs/overview", "{\"jobs\":[]}");
  }

  @AfterEach
  void close() {
    flink.close();
  }

  private void recommends(String flags, String... options) {
    String[] all = new String[options.length + 2];
    all[0] = "status";
    all[1] = "clicks";
    System.arraycopy(options, 0, all, 2, options.length);
    assertThat(console.run(all)).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Flink at "
                + flink.url()
                + " knows no job with the name or id 'clicks'; see: trafficctl jobs"
                + flags
                + "\n");
  }

  @Test
  void repeatsTheContextThatWasGiven() {
    recommends(" --context prod", "--context", "prod");
  }

  @Test
  void repeatsTheAddressAsItWasGiven() {
    String given = flink.url().substring(0, flink.url().length() - 1);
    recommends(" --flink " + given, "--flink=" + given);
  }

  @Test
  void repeatsWhatWinsOverTheContext() {
    recommends(
        " --context prod --kafka-url k:9092 --postgres-url jdbc:postgresql://p/t --postgres-user u"
            + " --savepoints s3://b/s --checkpoints s3://b/c",
        "--checkpoints=s3://b/c",
        "--savepoints=s3://b/s",
        "--postgres-user=u",
        "--postgres-url=jdbc:postgresql://p/t",
        "--kafka-url=k:9092",
        "--context=prod");
  }

  @Test
  void whatWinsOverTheContextIsChecked() {
    assertThat(console.run("status", "--context=prod", "--kafka-url=nowhere")).isEqualTo(2);
    assertThat(console.err()).startsWith("trafficctl: --kafka-url: ");
    assertThat(console.run("status", "--context=prod", "--savepoints= ")).isEqualTo(2);
    assertThat(console.err()).startsWith("trafficctl: --savepoints: is empty");
    assertThat(flink.requests()).isEmpty();
  }

  @Test
  void repeatsNothingWhenNothingWasGiven() {
    assertThat(console.run("context", "use", "prod")).isZero();
    recommends("");
    console.with("TRAFFICCTL_CONTEXT", null).with("FLINK_URL", flink.url());
    recommends("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "backpressure", "logs"})
  void aJobThatIsForgottenMeanwhile(String command) {
    flink
        .answer(
            "/jobs/overview",
            "{\"jobs\":[" + FakeFlink.job(FakeFlink.JOB, "traffic", "RUNNING") + "]}")
        .answer("/jobs/" + FakeFlink.JOB, 404, "{\"errors\":[\"a.NotFoundException: gone\"]}");
    assertThat(console.run(command, "traffic", "--context", "prod")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "trafficctl: Flink has just forgotten the job "
                + FakeFlink.JOB
                + "; see: trafficctl jobs --all --context prod\n");
  }
}
