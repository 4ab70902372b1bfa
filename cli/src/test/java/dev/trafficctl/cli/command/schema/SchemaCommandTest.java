package dev.trafficctl.cli.command.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.TestConsole;
import dev.trafficctl.model.Schema;
import dev.trafficctl.model.TableNames;
import org.junit.jupiter.api.Test;

class SchemaCommandTest {
  private final TestConsole console = TestConsole.real();

  @Test
  void printsTheFileThatTheTablesAreMadeWith() {
    assertThat(console.run("schema")).as(console.err()).isZero();
    assertThat(console.out())
        .isEqualTo(Schema.sql(TableNames.DEFAULT))
        .contains("CREATE TABLE IF NOT EXISTS processed_events (");
  }

  @Test
  void printsTheSameForATableOfAnotherName() {
    assertThat(console.run("schema", "--table", "Say \"hi\"")).as(console.err()).isZero();
    assertThat(console.out())
        .isEqualTo(
            Schema.sql(TableNames.DEFAULT)
                .replace("processed_events", "\"Say \"\"hi\"\"\"")
                .replace("rejected_events", "\"Say \"\"hi\"\"_rejected\""))
        .contains("CREATE TABLE IF NOT EXISTS sources (");
  }

  @Test
  void printsWhatLetsAUserWriteThem() {
    TableNames names = TableNames.parse("clicks");
    assertThat(console.run("schema", "--table", "clicks", "--grant", "web")).isZero();
    assertThat(console.out())
        .isEqualTo(Schema.sql(names) + "\n" + Schema.grants(names, "web"))
        .contains("SET trafficctl.job_user = 'web';\nSET trafficctl.job_table = 'clicks';\n");
  }

  @Test
  void refusesWhatIsNoNameOfATable() {
    assertThat(console.run("schema", "--table", "app.events")).isEqualTo(2);
    assertThat(console.err())
        .contains("--table: 'app.events' has a dot; give the name of the table alone");
    assertThat(console.out()).isEmpty();
  }
}
