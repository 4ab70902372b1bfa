package dev.trafficctl.cli.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.local.StackStatus;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which cluster is meant when flags, environment, contexts and a local stack say different ones.
 */
class ClusterChoiceTest {
  private static final StackStatus.Addresses STACK =
      new StackStatus.Addresses(
          "local:9092",
          Map.of("client.rack", "here"),
          Map.of("POSTGRES_PASSWORD", "of the stack"),
          "jdbc:postgresql://local/traffic",
          "stack",
          "of the owner",
          "http://local:8081",
          "file:///stack/savepoints",
          "file:///stack/checkpoints");

  private final Map<String, String> variables = new HashMap<>();
  private ConfigurationFile file;

  @TempDir Path directory;

  @BeforeEach
  void contexts() {
    file = new ConfigurationFile(directory.resolve("trafficctl/config.yaml"), new ShellCommands());
    file.update(
        configuration ->
            configuration
                .with("one", context("http://one:8081", "one"), new ShellCommands())
                .with("two", context("http://two:8081", "two"), new ShellCommands()));
  }

  private static Context context(String flink, String name) {
    return new Context(
        new Context.Flink(flink, null, null, null, null, null),
        new Context.Kafka(name + ":9092", Map.of("client.rack", name)),
        new Context.Postgres("jdbc:postgresql://" + name + "/traffic", name),
        "job of " + name,
        "s3://" + name + "/savepoints",
        "s3://" + name + "/checkpoints",
        null,
        name.equals("two"));
  }

  private Cluster choose(String flink, String context, boolean stack) {
    return new ClusterChoice(variables, file, () -> stack ? STACK : null, new ShellCommands())
        .choose(flink, context);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # --flink       --context FLINK_URL       TRAFFICCTL_CONTEXT current stack | is
          http://a:1,     one,      http://b:1,     two,               two,    true,   one,   http://a:1/
          http://a:1,     -,        http://b:1,     two,               two,    true,   -,     http://a:1/
          -,              one,      http://b:1,     two,               two,    true,   one,   http://one:8081/
          -,              local,    http://b:1,     two,               two,    true,   local, http://local:8081/
          -,              -,        http://b:1,     two,               one,    true,   two,   http://b:1/
          -,              -,        http://b:1,     -,                 one,    true,   -,     http://b:1/
          -,              -,        -,              two,               one,    true,   two,   http://two:8081/
          -,              -,        -,              local,             one,    true,   local, http://local:8081/
          -,              -,        -,              -,                 one,    true,   one,   http://one:8081/
          -,              -,        -,              -,                 one,    false,  one,   http://one:8081/
          -,              -,        -,              -,                 local,  true,   local, http://local:8081/
          -,              -,        -,              -,                 -,      true,   local, http://local:8081/
          http://two:8081,-,        -,              -,                 one,    true,   two,   http://two:8081/
          -,              -,        http://two:8081/,-,                one,    true,   two,   http://two:8081/
          -,              -,        ' ',            ' ',               -,      true,   local, http://local:8081/
          """)
  void theFirstThatIsGivenWins(
      String flink,
      String context,
      String flinkUrl,
      String variable,
      String current,
      boolean stack,
      String name,
      String address) {
    variables.put("FLINK_URL", flinkUrl);
    variables.put("TRAFFICCTL_CONTEXT", variable);
    file.update(configuration -> configuration.withCurrent(current));
    Cluster cluster = choose(flink, context, stack);
    assertThat(cluster.context()).isEqualTo(name);
    assertThat(cluster.flink().address()).isEqualTo(address);
  }

  @Test
  void aContextGivesEverythingThatItHas() {
    Cluster cluster = choose(null, "two", false);
    assertThat(cluster.shown()).isEqualTo("two (http://two:8081/)");
    assertThat(cluster.kafkaUrl()).isEqualTo("two:9092");
    assertThat(cluster.kafkaProperties()).isEqualTo(Map.of("client.rack", "two"));
    assertThat(cluster.postgresUrl()).isEqualTo("jdbc:postgresql://two/traffic");
    assertThat(cluster.postgresUser()).isEqualTo("two");
    assertThat(cluster.job()).isEqualTo("job of two");
    assertThat(cluster.savepoints()).isEqualTo("s3://two/savepoints");
    assertThat(cluster.checkpoints()).isEqualTo("s3://two/checkpoints");
    assertThat(cluster.isProtected()).isTrue();
  }

  @Test
  void theProtectionHoldsForTheAddressAsWell() {
    assertThat(choose("http://two:8081/", null, false).isProtected()).isTrue();
    assertThat(choose("http://elsewhere:8081/", "two", false).isProtected()).isTrue();
    assertThat(choose("http://elsewhere:8081/", null, false).isProtected()).isFalse();
  }

  @Test
  void variablesForKafkaAndPostgresWinOverTheCurrentContextButNotOverTheFlag() {
    variables.put("KAFKA_URL", "variable:9092");
    variables.put("POSTGRES_URL", "jdbc:postgresql://variable/traffic");
    variables.put("POSTGRES_USER", "variable");
    file.update(configuration -> configuration.withCurrent("one"));
    Cluster current = choose(null, null, false);
    assertThat(current.kafkaUrl()).isEqualTo("variable:9092");
    assertThat(current.postgresUrl()).isEqualTo("jdbc:postgresql://variable/traffic");
    assertThat(current.postgresUser()).isEqualTo("variable");
    Cluster flag = choose(null, "one", false);
    assertThat(flag.kafkaUrl()).isEqualTo("one:9092");
    assertThat(flag.postgresUrl()).isEqualTo("jdbc:postgresql://one/traffic");
    assertThat(flag.postgresUser()).isEqualTo("one");
    Cluster address = choose("http://elsewhere:8081", null, false);
    assertThat(address.kafkaUrl()).isEqualTo("variable:9092");
    assertThat(address.kafkaProperties()).isEmpty();
    assertThat(address.job()).isNull();
  }

  @Test
  void variablesFillWhatTheContextDoesNotSay() {
    file.update(
        configuration ->
            configuration.with(
                "bare",
                new Context(
                    new Context.Flink("http://bare:8081", null, null, null, null, null),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    false),
                new ShellCommands()));
    assertThat(choose(null, "bare", false).kafkaUrl()).isNull();
    variables.put("KAFKA_URL", "variable:9092");
    assertThat(choose(null, "bare", false).kafkaUrl()).isEqualTo("variable:9092");
  }

  @Test
  void theLocalStackIsTakenAsOne() {
    variables.put("KAFKA_URL", "variable:9092");
    variables.put("POSTGRES_PASSWORD", "another");
    Cluster cluster = choose(null, null, true);
    assertThat(cluster.kafkaUrl()).isEqualTo("local:9092");
    assertThat(cluster.kafkaProperties()).isEqualTo(Map.of("client.rack", "here"));
    assertThat(cluster.environment())
        .isEqualTo(Map.of("KAFKA_URL", "variable:9092", "POSTGRES_PASSWORD", "of the stack"));
    assertThat(cluster.isProtected()).isFalse();
    assertThat(cluster.toString()).isEqualTo("Cluster[local (http://local:8081/)]");
  }

  @Test
  void aVariableForKafkaIsReadAsTheFlagIs() {
    variables.put("KAFKA_URL", "127.0.0.1:");
    String message = "KAFKA_URL: '127.0.0.1:' is not host:port; give for example broker-1:9092";
    refused("http://elsewhere:8081", null, ExitCode.USAGE, message);
    assertThat(choose(null, "one", false).kafkaUrl()).isEqualTo("one:9092");
    assertThat(choose(null, null, true).kafkaUrl()).isEqualTo("local:9092");
  }

  @Test
  void aVariableForPostgresIsReadAsTheFlagIs() {
    variables.put("POSTGRES_URL", "jdbc:postgresql://db/traffic?pwd=canary");
    String message =
        "POSTGRES_URL: has a parameter pwd that the Postgres driver does not know, and that could be"
            + " a secret; take it out, or correct its name (upper and lower case count)";
    refused("http://elsewhere:8081", null, ExitCode.USAGE, message);
    assertThat(choose(null, "one", false).postgresUrl()).isEqualTo("jdbc:postgresql://one/traffic");
    choose(null, null, true);
    variables.put("POSTGRES_URL", "postgres://db/traffic");
    refused(
        "http://elsewhere:8081",
        null,
        ExitCode.USAGE,
        "POSTGRES_URL: is no Postgres URL; give jdbc:postgresql://host:port/database");
  }

  @Test
  void nothingIsConfigured() {
    refused(
        null,
        null,
        ExitCode.UNREACHABLE,
        "there is no current context and no local stack; give --flink URL or --context NAME,"
            + " choose a context with: trafficctl context use NAME, or start the local stack with:"
            + " trafficctl local up");
  }

  @Test
  void theLocalStackIsWantedAndThereIsNone() {
    String message = "there is no local stack; start it with: trafficctl local up";
    refused(null, "local", ExitCode.UNREACHABLE, message);
    file.update(configuration -> configuration.withCurrent("local"));
    refused(null, null, ExitCode.UNREACHABLE, message);
  }

  @Test
  void anUnknownContext() {
    String message = "there is no context three; known are: local, one, two";
    refused(null, "three", ExitCode.USAGE, message);
    variables.put("TRAFFICCTL_CONTEXT", "three");
    refused(null, null, ExitCode.USAGE, message);
  }

  @Test
  void anAddressOfTwoContexts() {
    file.update(
        configuration ->
            configuration.with("again", context("http://one:8081/", "again"), new ShellCommands()));
    refused(
        "http://one:8081",
        null,
        ExitCode.USAGE,
        "more than one context has the address http://one:8081/: one, again; say which with"
            + " --context");
    file.update(configuration -> configuration.withCurrent("again"));
    assertThat(choose("http://one:8081", null, false).context()).isEqualTo("again");
  }

  @Test
  void anAddressThatIsNoneOrHoldsASecret() {
    refused(
        "flink:8081",
        null,
        ExitCode.USAGE,
        "'flink:8081' is not the address of a Flink; give for example http://host:8081");
    refused(
        "https://alice:s3cret@flink:8081",
        null,
        ExitCode.USAGE,
        "the address of the Flink on flink has a user or a password in it; take them out and give"
            + " them to a context: trafficctl context set --help");
    refused(
        "alice:s3cret@flink:8081",
        null,
        ExitCode.USAGE,
        "the address of the Flink has a user or a password in it; take them out and give them to a"
            + " context: trafficctl context set --help");
  }

  private void refused(String flink, String context, ExitCode exitCode, String message) {
    assertThatThrownBy(() -> choose(flink, context, false))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode))
        .hasMessage(message);
  }

  @Test
  void aFlagWinsOverContextAndVariableAndLeavesTheRest() {
    variables.put("KAFKA_URL", "variable:1");
    Cluster cluster =
        choose(null, "two", false)
            .with(new Overrides("flag:1", "jdbc:postgresql://flag/t", "flag", "/s", "/c"));
    assertThat(cluster.kafkaUrl()).isEqualTo("flag:1");
    assertThat(cluster.postgresUrl()).isEqualTo("jdbc:postgresql://flag/t");
    assertThat(cluster.postgresUser()).isEqualTo("flag");
    assertThat(cluster.savepoints()).isEqualTo("/s");
    assertThat(cluster.checkpoints()).isEqualTo("/c");
    assertThat(cluster.kafkaProperties()).isEqualTo(Map.of("client.rack", "two"));
    assertThat(cluster.isProtected()).isTrue();
    Cluster one = choose(null, "two", false).with(Overrides.NONE);
    assertThat(one.savepoints()).isEqualTo("s3://two/savepoints");
    assertThat(one.kafkaUrl()).isEqualTo("two:9092");
  }
}
