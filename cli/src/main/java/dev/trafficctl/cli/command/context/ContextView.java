package dev.trafficctl.cli.command.context;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.trafficctl.cli.context.Configuration;
import dev.trafficctl.cli.context.Context;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.local.StackStatus;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;

/** A context as it is shown. It says where a secret comes from, never the secret. */
record ContextView(
    String name,
    boolean current,
    @JsonProperty("protected") boolean isProtected,
    Context.Flink flink,
    Context.Kafka kafka,
    Context.Postgres postgres,
    String job,
    String savepoints,
    String checkpoints,
    Double maxRejected) {

  static ContextView of(String name, Context context, boolean current) {
    return new ContextView(
        name,
        current,
        context.isProtected(),
        context.flink(),
        context.kafka(),
        context.postgres(),
        context.job(),
        context.savepoints(),
        context.checkpoints(),
        context.maxRejected());
  }

  static ContextView ofLocal(StackStatus.Addresses local, boolean current) {
    return new ContextView(
        Configuration.LOCAL,
        current,
        false,
        new Context.Flink(local.flink(), null, null, null, null, null),
        new Context.Kafka(local.kafka(), local.kafkaClient()),
        new Context.Postgres(local.postgres(), local.postgresUser()),
        null,
        null,
        null,
        null);
  }

  void print(Format format, PrintWriter out) {
    if (format != Format.TABLE) {
      Document.print(this, format, out);
      return;
    }
    Table table = new Table("SETTING", "VALUE");
    table.row("name", name).row("current", current).row("protected", isProtected);
    table.row("flink.url", flink.url());
    row(table, "flink.ca-certificate", flink.caCertificate());
    row(table, "flink.client-certificate", flink.clientCertificate());
    row(table, "flink.client-key", flink.clientKey());
    if (flink.basic() != null) {
      row(table, "flink.basic.user-file", flink.basic().userFile());
      row(table, "flink.basic.user-env", flink.basic().userEnv());
      row(table, "flink.basic.password-file", flink.basic().passwordFile());
      row(table, "flink.basic.password-env", flink.basic().passwordEnv());
    }
    if (flink.bearer() != null) {
      row(table, "flink.bearer.token-file", flink.bearer().tokenFile());
      row(table, "flink.bearer.token-env", flink.bearer().tokenEnv());
    }
    table.row("kafka.url", kafka == null ? null : kafka.url());
    Map<String, String> properties =
        kafka == null || kafka.properties() == null ? Map.of() : kafka.properties();
    new TreeMap<>(properties)
        .forEach((property, value) -> table.row("kafka.properties." + property, value));
    table.row("postgres.url", postgres == null ? null : postgres.url());
    table.row("postgres.user", postgres == null ? null : postgres.user());
    table.row("job", job).row("savepoints", savepoints).row("checkpoints", checkpoints);
    row(table, "max-rejected", maxRejected == null ? null : maxRejected.toString());
    table.print(out);
  }

  private static void row(Table table, String key, String value) {
    if (value != null) {
      table.row(key, value);
    }
  }
}
