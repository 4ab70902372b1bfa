package dev.trafficctl.cli.command.savepoint;

import dev.trafficctl.cli.command.offsets.OffsetsView;
import dev.trafficctl.cli.kafka.PartitionOffset;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.state.Inspection;
import dev.trafficctl.cli.state.OperatorMatch;
import dev.trafficctl.cli.state.SourceSplit;
import dev.trafficctl.cli.state.StateFile;
import dev.trafficctl.cli.state.StateReader;
import dev.trafficctl.model.StartDescription;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Shows what a savepoint or checkpoint holds. */
final class InspectionView {
  private InspectionView() {}

  static void print(Inspection inspection, Instant now, Format format, PrintWriter out) {
    if (format != Format.TABLE) {
      Document.print(document(inspection), format, out);
      return;
    }
    fields(inspection, now).print(out);
    out.println();
    operators(inspection).print(out);
    if (!inspection.partitions().isEmpty()) {
      out.println();
      partitions(inspection).print(out);
    }
  }

  private static Table fields(Inspection inspection, Instant now) {
    StateFile file = inspection.file();
    StartDescription job = file.description();
    Boolean restorable = inspection.restorable();
    return new Table("FIELD", "VALUE")
        .row("PATH", file.path())
        .row("TYPE", type(file) + " " + file.checkpointId())
        .row(
            "WRITTEN",
            file.written() + " (" + Text.age(Duration.between(file.written(), now)) + " ago)")
        .row("SIZE", Text.bytes(file.bytes()))
        .row("FORMAT", format(file))
        .row("JOB", job == null ? null : job.jobName() + ", parallelism " + job.parallelism())
        .row("VERSION", job == null ? null : job.version())
        .row("KAFKA", inspection.kafka())
        .row("TOPIC", inspection.topic())
        .row("TOPIC ID", file.topicId())
        .row("JAR", inspection.jar())
        .row("RESTORABLE", restorable == null ? null : restorable ? "yes, without loss" : "no");
  }

  private static String type(StateFile file) {
    return file.savepoint() ? "savepoint" : "checkpoint";
  }

  private static String format(StateFile file) {
    boolean newest = file.formatVersion() == StateReader.NEWEST_FORMAT;
    return file.formatVersion()
        + (newest ? ", as Flink " : ", of an older Flink than ")
        + StateReader.FLINK_VERSION
        + (newest ? " writes it" : ", which reads it");
  }

  private static Table operators(Inspection inspection) {
    Table table =
        new Table("UID", "NAME", "ID", "PARALLELISM", "MAX-PARALLELISM", "SIZE", "IN-JAR");
    for (OperatorMatch match : inspection.operators()) {
      boolean stored = match.entry() != null;
      table.row(
          match.uid(),
          stored ? match.entry().name() : null,
          stored ? match.entry().id() : null,
          stored ? (Integer) match.entry().parallelism() : null,
          stored ? (Integer) match.entry().maxParallelism() : null,
          stored ? Text.bytes(match.entry().bytes()) : null,
          match.fate() == null ? null : shown(match.fate()));
    }
    return table;
  }

  private static String shown(OperatorMatch.Fate fate) {
    return switch (fate) {
      case RESTORED -> "yes, finds its state";
      case STATELESS -> "yes, it has no state";
      case NEW -> "yes, new: starts without state";
      case LEFT_OVER -> "no: state is left over";
      case EMPTY -> "no, and has no state";
    };
  }

  private static Table partitions(Inspection inspection) {
    Table table =
        new Table(
            "PARTITION",
            "OFFSET",
            "READ-PROGRESS",
            "EVENT-TIME",
            "TO-END",
            "LOG-START-OFFSET",
            "LOG-END-OFFSET",
            "RETENTION-LEFT",
            "NOTE");
    for (Inspection.Partition partition : inspection.partitions()) {
      PartitionOffset kafka = partition.inKafka();
      boolean known = kafka != null;
      table.row(
          partition.partition(),
          shown(partition.sourceOffset()),
          partition.readProgress(),
          known ? kafka.eventTime() : null,
          known ? kafka.toEnd() : null,
          known ? kafka.logStartOffset() : null,
          known ? kafka.logEndOffset() : null,
          known && kafka.retentionLeft() != null ? Text.age(kafka.retentionLeft()) : null,
          known ? kafka.note() : null);
    }
    return table;
  }

  private static Object shown(Long offset) {
    if (offset == null || offset >= 0) {
      return offset;
    }
    return word(offset);
  }

  private static String word(long offset) {
    if (offset == SourceSplit.EARLIEST) {
      return "earliest";
    }
    if (offset == SourceSplit.LATEST) {
      return "latest";
    }
    return offset == SourceSplit.COMMITTED ? "committed" : Long.toString(offset);
  }

  private static InspectionDocument document(Inspection inspection) {
    StateFile file = inspection.file();
    StartDescription job = file.description();
    return new InspectionDocument(
        file.path(),
        type(file),
        file.checkpointId(),
        file.written().toString(),
        file.bytes(),
        file.formatVersion(),
        job == null ? null : job.jobName(),
        job == null ? null : (Integer) job.parallelism(),
        job == null ? null : job.version(),
        job == null ? null : job.arguments(),
        inspection.kafka(),
        inspection.topic(),
        file.topicId(),
        inspection.kafkaTopicId(),
        inspection.jar() == null ? null : inspection.jar().toString(),
        inspection.restorable(),
        inspection.losses(),
        inspection.skipped().lines(),
        inspection.refusals(),
        inspection.unknowns(),
        inspection.operators().stream().map(InspectionView::document).toList(),
        inspection.partitions().stream().map(InspectionView::document).toList());
  }

  private static OperatorDocument document(OperatorMatch match) {
    boolean stored = match.entry() != null;
    return new OperatorDocument(
        match.uid(),
        stored ? match.entry().name() : null,
        stored ? match.entry().id() : null,
        stored ? (Integer) match.entry().parallelism() : null,
        stored ? (Integer) match.entry().maxParallelism() : null,
        stored ? (Long) match.entry().bytes() : null,
        match.fate() == null ? null : match.fate().name().toLowerCase(Locale.ROOT));
  }

  private static PartitionDocument document(Inspection.Partition partition) {
    Long source = partition.sourceOffset();
    boolean word = source != null && source < 0;
    PartitionOffset kafka = partition.inKafka();
    return new PartitionDocument(
        partition.partition(),
        word ? null : source,
        word ? word(source) : null,
        partition.readProgress(),
        kafka == null ? null : OffsetsView.document(kafka));
  }

  /**
   * A savepoint or checkpoint in a document.
   *
   * @param formatVersion the version of Flink's metadata format
   * @param restorable null if not all is known that decides
   */
  private record InspectionDocument(
      String path,
      String type,
      long id,
      String written,
      long bytes,
      int formatVersion,
      String jobName,
      Integer parallelism,
      String version,
      List<String> arguments,
      String kafka,
      String topic,
      String topicId,
      String kafkaTopicId,
      String jar,
      Boolean restorable,
      List<String> losses,
      List<String> skipped,
      List<String> refusals,
      List<String> unknowns,
      List<OperatorDocument> operators,
      List<PartitionDocument> partitions) {}

  private record OperatorDocument(
      String uid,
      String name,
      String id,
      Integer parallelism,
      Integer maxParallelism,
      Long bytes,
      String inJar) {}

  /**
   * What a partition goes on with.
   *
   * @param sourceOffset null if the source has a word instead, or nothing
   * @param sourceStart the word: earliest, latest or committed
   */
  private record PartitionDocument(
      int partition,
      Long sourceOffset,
      String sourceStart,
      Long readProgress,
      OffsetsView.PartitionDocument inKafka) {}
}
