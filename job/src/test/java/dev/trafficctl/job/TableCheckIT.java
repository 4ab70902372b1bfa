package dev.trafficctl.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.model.TableCheck;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.TablesPlace;
import dev.trafficctl.schema.Migrations;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is said of tables on which the job could not keep its promises. */
class TableCheckIT {
  private TestDatabase database;

  @BeforeEach
  void create() throws SQLException {
    database = TestDatabase.create();
  }

  @AfterEach
  void drop() throws SQLException {
    database.close();
  }

  private List<String> problems(String... statements) throws SQLException {
    for (String statement : statements) {
      database.execute(statement);
    }
    return TableCheck.problems(database.connection(), TableNames.DEFAULT, "here");
  }

  @Test
  void theSchemaIsAsItMustBe() throws SQLException {
    assertThat(problems()).isEmpty();
  }

  @Test
  void theGrantsAreAllThatTheJobNeeds() throws SQLException {
    String user = "Job's \"" + UUID.randomUUID() + '"';
    database.execute("CREATE ROLE " + TableNames.quoted(user) + " LOGIN PASSWORD 'x'");
    database.execute("CREATE SCHEMA \"Web Traffic\"");
    database.execute("SET search_path = \"Web Traffic\"");
    try {
      for (TableNames names :
          List.of(TableNames.DEFAULT, TableNames.parse("It's 100 % \"traffic\" $$"))) {
        Migrations.apply(database.connection(), names, user);
        String url = database.url() + "?currentSchema=%22Web%20Traffic%22";
        try (Connection connection = DriverManager.getConnection(url, user, "x")) {
          assertThat(TableCheck.problems(connection, names, "here")).isEmpty();
        }
      }
    } finally {
      database.execute("DROP OWNED BY " + TableNames.quoted(user));
      database.execute("DROP ROLE " + TableNames.quoted(user));
    }
  }

  @Test
  void moreThanTheSchemaIsNoFault() throws SQLException {
    assertThat(
            problems(
                "ALTER TABLE processed_events ADD more int, ADD at timestamptz NOT NULL DEFAULT"
                    + " now(), ADD id bigint GENERATED ALWAYS AS IDENTITY, ADD CHECK (url <> 'x')",
                "CREATE DOMAIN short AS varchar(200)",
                "ALTER TABLE processed_events ALTER host TYPE short",
                "CREATE INDEX ON processed_events (host)",
                "CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW;"
                    + " END $$",
                "CREATE TRIGGER look BEFORE INSERT ON processed_events FOR EACH ROW EXECUTE"
                    + " FUNCTION look()"))
        .isEmpty();
  }

  @Test
  void aPartitionedTableWithTheKeyIsAsGood() throws SQLException {
    assertThat(
            problems(
                "ALTER TABLE processed_events RENAME TO model",
                "CREATE TABLE processed_events (LIKE model, UNIQUE (kafka_partition, source,"
                    + " kafka_offset)) PARTITION BY LIST (kafka_partition)"))
        .isEmpty();
  }

  @Test
  void aTableWithoutItsKey() throws SQLException {
    assertThat(
            problems(
                "ALTER TABLE processed_events DROP CONSTRAINT processed_events_pkey",
                "CREATE UNIQUE INDEX ON processed_events (source, kafka_partition, kafka_offset)"
                    + " WHERE late",
                "ALTER TABLE sources DROP CONSTRAINT sources_topic_id_key"))
        .containsExactly(
            "Postgres, here: table 'sources' has no unique key (topic_id), so an event can be there"
                + " twice; ALTER TABLE public.sources ADD UNIQUE (topic_id)",
            "Postgres, here: table 'processed_events' has no unique key (source, kafka_partition,"
                + " kafka_offset), so an event can be there twice; ALTER TABLE public.processed_events"
                + " ADD UNIQUE (source, kafka_partition, kafka_offset)");
  }

  @Test
  void aKeyWithTheTimeInIt() throws SQLException {
    assertThat(
            problems(
                "ALTER TABLE processed_events DROP CONSTRAINT processed_events_pkey",
                "ALTER TABLE processed_events ADD PRIMARY KEY (source, kafka_partition,"
                    + " kafka_offset, event_timestamp)"))
        .containsExactly(
            "Postgres, here: the key (source, kafka_partition, kafka_offset, event_timestamp) of"
                + " table 'processed_events' has more columns than (source, kafka_partition,"
                + " kafka_offset), so an event can be there twice; ALTER TABLE public.processed_events"
                + " ADD UNIQUE (source, kafka_partition, kafka_offset)");
  }

  @Test
  void aDeferrableKey() throws SQLException {
    assertThat(
            problems(
                "ALTER TABLE rejected_events DROP CONSTRAINT rejected_events_pkey",
                "ALTER TABLE rejected_events ADD PRIMARY KEY (source, kafka_partition,"
                    + " kafka_offset) DEFERRABLE"))
        .containsExactly(
            "Postgres, here: the key (source, kafka_partition, kafka_offset) of table"
                + " 'rejected_events' is DEFERRABLE, and ON CONFLICT needs one that is not; ALTER"
                + " TABLE public.rejected_events ADD UNIQUE (source, kafka_partition, kafka_offset)");
  }

  @Test
  void otherColumnsAndTypes() throws SQLException {
    assertThat(
            problems(
                "ALTER TABLE processed_events ALTER geodata TYPE json, DROP late, ADD tenant int NOT"
                    + " NULL",
                "ALTER TABLE rejected_events ALTER payload_bytes TYPE bigint",
                "ALTER TABLE processed_events DROP referrer, ADD referrer text GENERATED ALWAYS AS"
                    + " (host) STORED"))
        .containsExactly(
            "Postgres, here: column 'geodata' of table 'processed_events' is of type json, not"
                + " jsonb; ALTER TABLE public.processed_events ALTER geodata TYPE jsonb USING"
                + " geodata::text::jsonb",
            "Postgres, here: column 'tenant' of table 'processed_events' is NOT NULL and has no"
                + " default, and the job does not write it; give it a default, or drop NOT NULL",
            "Postgres, here: column 'referrer' of table 'processed_events' is GENERATED ALWAYS, and"
                + " the job writes it; drop that property",
            "Postgres, here: table 'processed_events' has no column 'late'; ALTER TABLE"
                + " public.processed_events ADD late boolean",
            "Postgres, here: column 'payload_bytes' of table 'rejected_events' is of type bigint,"
                + " not integer; ALTER TABLE public.rejected_events ALTER payload_bytes TYPE integer"
                + " USING payload_bytes::text::integer");
  }

  @Test
  void whatIsAdvisedOfColumnsWorksOnATableWithRows() throws SQLException {
    database.execute(
        "ALTER TABLE processed_events DROP host, DROP late, ALTER ip TYPE varchar, ALTER geodata TYPE"
            + " varchar, ALTER event_timestamp TYPE timestamp(3), ALTER kafka_offset TYPE int");
    database.execute(
        "INSERT INTO processed_events (source, kafka_partition, kafka_offset, ip, event_timestamp,"
            + " url, geodata) VALUES (1, 0, 7, '192.0.2.1', '2026-01-31 12:00:00', '/', '{}')");
    List<String> problems = problems();
    assertThat(problems).hasSize(6);
    for (String problem : problems) {
      database.execute(problem.replaceFirst(".*; ", ""));
    }
    assertThat(problems()).isEmpty();
  }

  /** As a public course about Kafka, Flink and Postgres has it, which many have tried before. */
  @Test
  void aTableOfTheNameThatIsSomebodyElsesIsKeptBesideTheJobs() throws SQLException {
    database.execute("DROP TABLE processed_events, rejected_events, sources");
    database.execute(
        "CREATE TABLE processed_events (ip varchar, event_timestamp timestamp(3), referrer varchar,"
            + " host varchar, url varchar, geodata varchar)");
    database.execute("INSERT INTO processed_events VALUES ('a', now(), 'b', 'c', 'd', '{}')");
    database.execute("CREATE TABLE sources (id int, source text)");
    List<String> problems = problems();
    assertThat(problems)
        .containsExactly(
            "Postgres, here: table 'sources' (public.sources) is another than the job's: it has no"
                + " column topic_id; to keep both, CREATE SCHEMA IF NOT EXISTS trafficctl, add"
                + " currentSchema=trafficctl to --postgres-url, and run with that: trafficctl schema"
                + " apply",
            "Postgres, here: table 'processed_events' (public.processed_events) is another than the"
                + " job's: it has no column source, kafka_partition, kafka_offset; to keep both,"
                + " CREATE SCHEMA IF NOT EXISTS trafficctl, add currentSchema=trafficctl to"
                + " --postgres-url, and run with that: trafficctl schema apply");

    database.execute("CREATE SCHEMA IF NOT EXISTS trafficctl");
    database.execute("SET search_path = trafficctl");
    Migrations.apply(database.connection(), TableNames.DEFAULT, null);
    assertThat(problems()).isEmpty();
  }

  /** The shared table is as it must be, so another name is enough. */
  @Test
  void aTableOfTheNameThatIsSomebodyElsesIsKeptBesideATableOfAnotherName() throws SQLException {
    database.execute("DROP TABLE processed_events, rejected_events");
    database.execute("CREATE TABLE processed_events (ip varchar, event_timestamp timestamp(3))");
    database.execute("INSERT INTO processed_events VALUES ('a', now())");
    assertThat(problems())
        .containsExactly(
            "Postgres, here: table 'processed_events' (public.processed_events) is another than the"
                + " job's: it has no column source, kafka_partition, kafka_offset; to keep both,"
                + " run: trafficctl schema apply --table traffic_events, and start the job with --table"
                + " traffic_events");

    TableNames names = TableNames.parse("traffic_events");
    assertThat(TableCheck.problems(database.connection(), names, "here"))
        .containsExactly(
            "Postgres, here, has no table 'traffic_events'; run: trafficctl schema apply --table"
                + " traffic_events",
            "Postgres, here, has no table 'traffic_events_rejected'; run: trafficctl schema apply"
                + " --table traffic_events");
    Migrations.apply(database.connection(), names, null);
    assertThat(TableCheck.problems(database.connection(), names, "here")).isEmpty();
    assertThat(database.count("processed_events WHERE ip = 'a'")).isEqualTo(1);
  }

  @Test
  void whereTheSharedTableIsThereIsTheOtherOneMade() throws SQLException {
    database.execute("CREATE SCHEMA \"Web Traffic\"");
    database.execute("ALTER TABLE sources SET SCHEMA \"Web Traffic\"");
    database.execute("DROP TABLE processed_events");
    database.execute("CREATE TABLE processed_events (ip varchar)");
    database.execute("SET search_path = public, \"Web Traffic\"");
    assertThat(problems())
        .containsExactly(
            "Postgres, here: table 'processed_events' (public.processed_events) is another than the"
                + " job's: it has no column source, kafka_partition, kafka_offset; to keep both,"
                + " run: trafficctl schema apply --table traffic_events, and start the job with --table"
                + " traffic_events");
    TableNames names = TableNames.parse("traffic_events");
    Migrations.apply(database.connection(), names, null);
    assertThat(TableCheck.problems(database.connection(), names, "here")).isEmpty();
    assertThat(database.count("pg_class WHERE relname = 'sources'")).isEqualTo(1);
  }

  @Test
  void whereTheOtherNameIsTakenTooASchemaIsAdvised() throws SQLException {
    database.execute("CREATE TABLE traffic_events (ip varchar)");
    assertThat(TableCheck.problems(database.connection(), new TableNames("traffic_events"), "here"))
        .containsExactly(
            "Postgres, here: table 'traffic_events' (public.traffic_events) is another than the"
                + " job's: it has no column source, kafka_partition, kafka_offset; to keep both,"
                + " CREATE SCHEMA IF NOT EXISTS trafficctl, add currentSchema=trafficctl to"
                + " --postgres-url, and run with that: trafficctl schema apply --table"
                + " traffic_events");
  }

  @Test
  void aNameIsLookedUpAsItIs() throws SQLException {
    TableNames names = TableNames.parse("Processed_\"Events\"");
    assertThat(TableCheck.problems(database.connection(), names, "here"))
        .containsExactly(
            "Postgres, here, has no table 'Processed_\"Events\"'; run: trafficctl schema apply"
                + " --table 'Processed_\"Events\"'",
            "Postgres, here, has no table 'Processed_\"Events\"_rejected'; run: trafficctl schema"
                + " apply --table 'Processed_\"Events\"'");
    Migrations.apply(database.connection(), names, null);
    database.execute("ALTER TABLE \"Processed_\"\"Events\"\"\" DROP late");
    List<String> problems = TableCheck.problems(database.connection(), names, "here");
    assertThat(problems)
        .containsExactly(
            "Postgres, here: table 'Processed_\"Events\"' has no column 'late'; ALTER TABLE"
                + " public.\"Processed_\"\"Events\"\"\" ADD late boolean");
    database.execute(problems.get(0).replaceFirst(".*; ", ""));
    assertThat(TableCheck.problems(database.connection(), names, "here")).isEmpty();
    assertThat(TablesPlace.of(database.connection(), names).tables())
        .containsEntry("Processed_\"Events\"", "public.\"Processed_\"\"Events\"\"\"")
        .hasSize(3);
  }

  @Test
  void aSchemaOfTheSearchPathThatMayNotBeUsedIsNamedAndNotATableOfTheNameElsewhere()
      throws SQLException {
    database.execute("DROP TABLE processed_events");
    database.execute("CREATE TABLE processed_events (ip varchar)");
    database.execute("CREATE SCHEMA trafficctl");
    database.execute("SET search_path = trafficctl");
    Migrations.apply(database.connection(), TableNames.DEFAULT, null);
    String user = "user_" + UUID.randomUUID().toString().replace('-', '_');
    database.execute("CREATE ROLE " + user + " LOGIN PASSWORD 'x'");
    String url =
        database.url() + (database.url().contains("?") ? "&" : "?") + "currentSchema=trafficctl";
    try (Connection connection = DriverManager.getConnection(url, user, "x")) {
      assertThat(TableCheck.problems(connection, TableNames.DEFAULT, "here"))
          .hasSize(3)
          .contains(
              "Postgres, here: table 'processed_events' is in schema trafficctl, which this user may"
                  + " not use; GRANT USAGE ON SCHEMA trafficctl TO "
                  + user);
    } finally {
      database.execute("DROP OWNED BY " + user);
      database.execute("DROP ROLE " + user);
    }
  }

  @Test
  void whatIsAdvisedHoldsWhereverOneIsConnected() throws SQLException {
    database.execute("CREATE SCHEMA \"Web Traffic\"");
    database.execute("ALTER TABLE processed_events SET SCHEMA \"Web Traffic\"");
    database.execute("ALTER TABLE \"Web Traffic\".processed_events SET UNLOGGED");
    database.execute("SET search_path = \"Web Traffic\", public");
    List<String> problems = problems();
    assertThat(problems)
        .containsExactly(
            "Postgres, here: table 'processed_events' is UNLOGGED, so a crash of Postgres empties"
                + " it; ALTER TABLE \"Web Traffic\".processed_events SET LOGGED");
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      statement.execute(problems.get(0).replaceFirst(".*; ", ""));
    }
    assertThat(problems()).isEmpty();
  }

  @Test
  void whatIsNoLastingTable() throws SQLException {
    assertThat(
            problems(
                "ALTER TABLE processed_events SET UNLOGGED",
                "CREATE RULE away AS ON INSERT TO processed_events DO INSTEAD NOTHING",
                "ALTER TABLE rejected_events RENAME TO model",
                "CREATE VIEW rejected_events AS SELECT * FROM model",
                "DROP TABLE sources"))
        .containsExactly(
            "Postgres, here, has no table 'sources'; run: trafficctl schema apply",
            "Postgres, here: table 'processed_events' is UNLOGGED, so a crash of Postgres empties"
                + " it; ALTER TABLE public.processed_events SET LOGGED",
            "Postgres, here: table 'processed_events' has a rule for INSERT or UPDATE, with which ON"
                + " CONFLICT cannot be used; drop the rule",
            "Postgres, here: 'rejected_events' is no table; rename it, and run: trafficctl"
                + " schema apply");
  }

  @Test
  void aUserWithoutRights() throws SQLException {
    String user = "user_" + UUID.randomUUID().toString().replace('-', '_');
    String name = database.url().replaceFirst(".*/", "");
    database.execute("CREATE ROLE " + user + " LOGIN PASSWORD 'x'");
    database.execute("ALTER ROLE " + user + " SET synchronous_commit = off");
    database.execute("ALTER ROLE " + user + " SET default_transaction_read_only = on");
    database.execute("REVOKE TEMPORARY ON DATABASE " + name + " FROM public");
    database.execute("GRANT SELECT ON sources, processed_events TO " + user);
    database.execute("GRANT INSERT (topic, topic_id) ON sources TO " + user);
    database.execute("ALTER TABLE processed_events ENABLE ROW LEVEL SECURITY");
    try (Connection connection = DriverManager.getConnection(database.url(), user, "x")) {
      assertThat(
              TableCheck.problems(connection, TableNames.DEFAULT, "here").stream()
                  .map(line -> line.replace(user, "USER").replace(name, "DB")))
          .containsExactly(
              "Postgres, here: the user may not make temporary tables, which a repeated batch needs;"
                  + " GRANT TEMPORARY ON DATABASE DB TO USER",
              "Postgres, here: default_transaction_read_only is on, so nothing can be written; ALTER"
                  + " ROLE USER SET default_transaction_read_only = off",
              "Postgres, here: synchronous_commit is off, so rows can be lost after a checkpoint has"
                  + " counted on them; ALTER ROLE USER SET synchronous_commit = on",
              "Postgres, here: row-level security of table 'processed_events' applies to this user;"
                  + " ALTER ROLE USER BYPASSRLS",
              "Postgres, here: the user has no right to INSERT on table 'processed_events'; GRANT"
                  + " INSERT ON public.processed_events TO USER",
              "Postgres, here: the user has no right to SELECT on table 'rejected_events'; GRANT"
                  + " SELECT ON public.rejected_events TO USER",
              "Postgres, here: the user has no right to INSERT on table 'rejected_events'; GRANT"
                  + " INSERT ON public.rejected_events TO USER");
    } finally {
      database.execute("DROP OWNED BY " + user);
      database.execute("DROP ROLE " + user);
    }
  }

  @Test
  void tablesWhereTheUserDoesNotLook() throws SQLException {
    try (Statement statement = database.connection().createStatement()) {
      statement.execute("CREATE SCHEMA app");
      statement.execute("ALTER TABLE processed_events SET SCHEMA app");
    }
    assertThat(problems())
        .containsExactly(
            "Postgres, here, has no table 'processed_events' in the search_path \"$user\", public;"
                + " for the one in schema app add currentSchema=app to --postgres-url, or make"
                + " one where it is wanted with: trafficctl schema apply");

    String user = "user_" + UUID.randomUUID().toString().replace('-', '_');
    database.execute("CREATE ROLE " + user + " LOGIN PASSWORD 'x'");
    database.execute("GRANT SELECT, INSERT ON sources, rejected_events TO " + user);
    try (Connection connection = DriverManager.getConnection(database.url(), user, "x")) {
      assertThat(TableCheck.problems(connection, TableNames.DEFAULT, "here"))
          .containsExactly(
              "Postgres, here: table 'processed_events' is in schema app, which this user may not"
                  + " use; GRANT USAGE ON SCHEMA app TO "
                  + user);
    } finally {
      database.execute("DROP OWNED BY " + user);
      database.execute("DROP ROLE " + user);
    }
  }
}
