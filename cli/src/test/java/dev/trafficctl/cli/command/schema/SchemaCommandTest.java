package dev.trafficctl.cli.command.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.Tables;
import dev.trafficctl.schema.Schema;
import org.junit.jupiter.api.Test;

class SchemaCommandTest {
  private final TestConsole console = TestConsole.real();

  @Test
  void printsTheFileThatTheTablesAreMadeWith() {
    assertThat(console.run("schema")).as(console.err()).isZero();
    assertThat(console.out())
        .isEqualTo(Schema.sql(TableNames.DEFAULT, 0))
        .startsWith("BEGIN;\n")
        .contains("CREATE TABLE processed_events (")
        .endsWith("\nCOMMIT;\n");
  }

  @Test
  void printsTheSameForATableOfAnotherName() {
    assertThat(console.run("schema", "--table", "Say \"hi\"")).as(console.err()).isZero();
    assertThat(console.out())
        .isEqualTo(
            Schema.sql(TableNames.DEFAULT, 0)
                .replace("processed_events", "\"Say \"\"hi\"\"\"")
                .replace("rejected_events", "\"Say \"\"hi\"\"_rejected\""))
        .contains("CREATE TABLE IF NOT EXISTS sources (");
  }

  @Test
  void printsWhatLetsAUserWriteThem() {
    TableNames names = TableNames.parse("clicks");
    assertThat(console.run("schema", "--table", "clicks", "--grant", "web")).isZero();
    assertThat(console.out())
        .isEqualTo(Schema.sql(names, 0) + "\n" + Schema.grants(names, "web"))
        .contains("SET trafficctl.job_user = 'web';\nSET trafficctl.job_table = 'clicks';\n");
  }

  @Test
  void refusesWhatIsNoNameOfATable() {
    assertThat(console.run("schema", "--table", "app.events")).isEqualTo(2);
    assertThat(console.err())
        .contains("--table: 'app.events' has a dot; give the name of the table alone");
    assertThat(console.out()).isEmpty();
  }

  @Test
  void printsNothingButTheTransactionForTablesOfTheNewestVersion() {
    int newest = Tables.VERSION;
    assertThat(console.run("schema", "--from", "" + newest)).as(console.err()).isZero();
    assertThat(console.out()).isEqualTo("BEGIN;\n\n\nCOMMIT;\n");
    int newer = newest + 1;
    assertThat(console.run("schema", "--from", "" + newer)).isEqualTo(2);
    assertThat(console.err())
        .contains("--from: '%d' is not a whole number from 0 to %d".formatted(newer, newest));
  }

  @Test
  void aDatabaseMustBeNamed() {
    for (String command : new String[] {"status", "apply"}) {
      assertThat(console.run("schema", command, "--flink", "http://127.0.0.1:1")).isEqualTo(2);
      assertThat(console.err())
          .contains("no database is named; give --postgres-url and --postgres-user, or a context");
    }
  }
}
