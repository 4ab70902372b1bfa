package dev.trafficctl.cli.command.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.command.option.DatabaseView;
import dev.trafficctl.cli.kafka.HeldBack;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.verify.Difference;
import dev.trafficctl.cli.verify.Difference.Change;
import dev.trafficctl.cli.verify.Difference.Kind;
import dev.trafficctl.cli.verify.EarlierRows;
import dev.trafficctl.cli.verify.PartitionCounts;
import dev.trafficctl.cli.verify.Scope;
import dev.trafficctl.cli.verify.VerifyResult;
import dev.trafficctl.kafka.LostOffsets;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VerifyViewTest {
  private static final Scope SCOPE = scope(List.of());

  private static Scope scope(List<LostOffsets> lost) {
    return new Scope(
        new TreeMap<>(),
        "where the job began to read",
        "the checkpoint c",
        lost,
        true,
        new TreeMap<>(Map.of(0, new HeldBack(3_010, 3_015))),
        List.of());
  }

  private static final DatabaseView DATABASE =
      new DatabaseView(
          "db:5432",
          "10.0.0.7:5432",
          "7612345678901234567",
          "traffic",
          "reader",
          new TreeMap<>(Map.of("processed_events", "public.processed_events")),
          true);

  private static String shown(VerifyResult result, Format format) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    VerifyView.print(result, DATABASE, format, writer);
    writer.flush();
    return out.toString();
  }

  private static VerifyResult result(
      long checkedTo,
      PartitionCounts counts,
      List<Difference> beyond,
      List<Difference> differences,
      String problem) {
    return result(SCOPE, checkedTo, counts, beyond, differences, problem);
  }

  private static VerifyResult result(
      Scope scope,
      long checkedTo,
      PartitionCounts counts,
      List<Difference> beyond,
      List<Difference> differences,
      String problem) {
    return new VerifyResult(
        "web",
        "id",
        (short) 1,
        scope,
        List.of(new VerifyResult.Partition(0, 10, checkedTo, 3_010, counts)),
        beyond,
        differences,
        new TreeMap<>(Map.of("unknown_field", 7L)),
        List.of(new EarlierRows("processed_events", "referrer_host", 2, 1_200)),
        0,
        List.of("a note"),
        Duration.ofSeconds(2),
        problem);
  }

  @Test
  void showsThatAllIsWell() {
    assertThat(
            shown(
                result(
                    3_010,
                    new PartitionCounts(3_000, 2_000, 990, 10, 0, 0, 0, 0, 0, 0),
                    List.of(),
                    List.of(),
                    null),
                Format.TABLE))
        .isEqualTo(
            """
            PARTITION  FROM     TO  CHECKED-TO   READ  WRITTEN  FILTERED  REJECTED  MISSING  UNEXPECTED  DUPLICATE  ALTERED
            0            10  3,010       3,010  3,000    2,000       990        10        0           0          0        0
            all           -      -           -  3,000    2,000       990        10        0           0          0        0

            read 3,000 = written 2,000 + filtered 990 + rejected 10, and every row is equal; 2.0 s, 1,500 events/s
            """);
  }

  @Test
  void showsTheFirstDifferencesWithTheirPlaces() {
    List<Difference> differences =
        List.of(
            new Difference(
                Kind.MISSING, "processed_events", 0, 17, "the event passes the filter", List.of()),
            new Difference(
                Kind.ALTERED,
                "processed_events",
                0,
                18,
                "",
                List.of(new Change("host", "a\u001b", null), new Change("url", null, "/x"))));
    List<Difference> beyond =
        List.of(
            new Difference(
                Kind.UNEXPECTED,
                "rejected_events",
                1,
                99,
                "Kafka's log ends at offset 50",
                List.of()));
    assertThat(
            shown(
                result(
                    3_010,
                    new PartitionCounts(3_000, 1_999, 990, 10, 1, 0, 1, 1, 0, 0),
                    beyond,
                    differences,
                    null),
                Format.TABLE))
        .endsWith(
            """

            DIFFERENCE  TABLE             PLACE     WHAT
            missing     processed_events  web/0/17  the event passes the filter
            altered     processed_events  web/0/18  host is null, should be 'a\\u001B'; url is '/x', should be null
            unexpected  rejected_events   web/1/99  Kafka's log ends at offset 50
            and 1 more; show them with --limit

            read 3,000 is not written 1,999 + filtered 990 + rejected 10; 2.0 s, 1,500 events/s
            """);
  }

  private static String failure(PartitionCounts counts, long replaced) {
    return VerifyView.failure(
        new VerifyResult(
            "web",
            "id",
            (short) 1,
            SCOPE,
            List.of(new VerifyResult.Partition(0, 0, 10, 10, counts)),
            List.of(),
            List.of(),
            new TreeMap<>(),
            List.of(),
            replaced,
            List.of(),
            Duration.ofSeconds(2),
            null));
  }

  @Test
  void otherSettingsExplainRowsThatDifferButNoneThatAreMissing() {
    assertThat(failure(new PartitionCounts(10, 10, 0, 0, 0, 0, 0, 1, 0, 0), 0))
        .isEqualTo(
            "1 row is not as Kafka and the job's settings have it; if other settings wrote older"
                + " rows, give --from where the present ones began");
    assertThat(failure(new PartitionCounts(10, 9, 0, 0, 1, 0, 0, 2, 0, 0), 0))
        .isEqualTo("3 rows are not as Kafka and the job's settings have it");
  }

  @Test
  void rowsOfOtherRecordsTellThatKafkasLogIsAnotherOne() {
    assertThat(failure(new PartitionCounts(10, 8, 0, 0, 2, 0, 0, 8, 0, 0), 8))
        .isEqualTo(
            "10 rows are not as Kafka and the job's settings have it; at 8 offsets Kafka's record"
                + " has another timestamp than the row: Kafka's log is not the one that was read"
                + " there (it was cut off and has grown again, as after an unclean leader election"
                + " or with a restored broker), and the events there now were never stored");
  }

  @Test
  void showsWhatWasDeletedBeforeItWasRead() {
    VerifyResult result =
        result(
            scope(List.of(new LostOffsets(2, 0, 499))),
            3_010,
            new PartitionCounts(3_000, 2_000, 990, 10, 0, 0, 0, 0, 0, 0),
            List.of(),
            List.of(),
            null);
    assertThat(result.holds()).isFalse();
    assertThat(shown(result, Format.TABLE))
        .endsWith(
            """

            partition 2 has lost offsets 0 to 499 (500 offsets), they were deleted before they were read

            read 3,000 = written 2,000 + filtered 990 + rejected 10, but there are offsets that were never read; 2.0 s, 1,500 events/s
            """);
    assertThat(shown(result, Format.JSON))
        .contains(
            """
              "lost" : [ {
                "partition" : 2,
                "firstOffset" : 0,
                "lastOffset" : 499
              } ],
              "heldBack" : [ {
                "partition" : 0,
                "lastStableOffset" : 3010,
                "logEndOffset" : 3015
              } ],
              "judgedOtherwise" : {
                "unknown_field" : 7
              },
              "earlierRows" : [ {
                "table" : "processed_events",
                "column" : "referrer_host",
                "version" : 2,
                "rows" : 1200
              } ],
            """);
  }

  @Test
  void showsHowFarACheckCame() {
    VerifyResult result =
        result(
            1_010,
            new PartitionCounts(1_000, 600, 390, 10, 0, 0, 0, 0, 0, 0),
            List.of(),
            List.of(),
            "Kafka is away");
    assertThat(shown(result, Format.TABLE))
        .endsWith(
            """

            read 1,000 = written 600 + filtered 390 + rejected 10 up to where it was checked; 2.0 s, 500 events/s
            """);
    assertThat(shown(result, Format.JSON))
        .startsWith(
            """
            {
              "apiVersion" : "trafficctl/v1",
              "topic" : "web",
              "topicId" : "id",
              "source" : 1,
              "postgres" : {
                "address" : "db:5432",
                "server" : "10.0.0.7:5432",
                "system" : "7612345678901234567",
                "database" : "traffic",
                "user" : "reader",
                "tables" : {
                  "processed_events" : "public.processed_events"
                },
                "ownOfJob" : true
              },
              "from" : "where the job began to read",
              "to" : "the checkpoint c",
              "finished" : false,
              "holds" : true,
              "problem" : "Kafka is away",
              "durationMillis" : 2000,
              "total" : {
                "read" : 1000,
            """);
  }
}
