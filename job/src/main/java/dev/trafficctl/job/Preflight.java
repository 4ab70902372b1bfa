package dev.trafficctl.job;

import dev.trafficctl.model.Settings;
import dev.trafficctl.model.SettingsException;
import dev.trafficctl.model.StartDescription;
import dev.trafficctl.model.StartingPosition;
import dev.trafficctl.model.TableCheck;
import dev.trafficctl.model.TablesPlace;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/**
 * What is looked at before the job is submitted: whether Kafka and Postgres answer, know the
 * credentials, and have the topic, and tables on which the job can keep its promises, and whether
 * the state is there that is to be restored. Better no job than one that fails in the night.
 */
final class Preflight {
  private final Settings settings;
  private final PostgresConnectionProvider postgres;
  private final String restored;
  private final List<String> problems = new ArrayList<>();
  private boolean unreachable;
  private TablesPlace tables;
  private long leftOut;
  private final List<String> warnings = new ArrayList<>();

  /**
   * What is to be looked at.
   *
   * @param restored where the state lies that Flink will restore, {@link
   *     StartDescription#STATE_TO_COME} if it is not there yet, or null for none
   */
  Preflight(Settings settings, PostgresConnectionProvider postgres, String restored) {
    this.settings = settings;
    this.postgres = postgres;
    this.restored = restored;
  }

  /**
   * Where reading starts.
   *
   * @throws StartRefusedException with everything that stands in the way
   */
  ResolvedStart check() {
    ResolvedStart start = resolveStart();
    lookAtTables(start);
    lookAtState();
    if (!problems.isEmpty()) {
      String message = String.join("\n", problems);
      throw unreachable
          ? new StartRefusedException.UnreachableException(message)
          : new StartRefusedException(message);
    }
    return start;
  }

  /** Where the tables are that {@link #check} has found. */
  TablesPlace tables() {
    return tables;
  }

  /** What somebody should know of the start that {@link #check} has resolved, or null. */
  String warning() {
    return warnings.isEmpty() ? null : String.join("; ", warnings);
  }

  private ResolvedStart resolveStart() {
    try (Topic topic = new Topic(ClientProperties.common(settings), settings.kafkaTopic())) {
      ResolvedStart start = new ResolvedStart(topic.id().toString(), offsets(topic));
      leftOut = leftOut(topic, start);
      return start;
    } catch (KafkaAnswerException e) {
      unreachable |= e.unreachable();
      problems.add(e.getMessage());
    } catch (SettingsException | DataLostException | IllegalArgumentException e) {
      problems.add(e.getMessage());
    }
    return null;
  }

  /**
   * None for a job that is restored: its state says where reading goes on, and retention may have
   * passed since what the settings say. Should that state be left behind, then without an offset a
   * partition starts at its first event, and nothing is skipped.
   */
  private SortedMap<Integer, Long> offsets(Topic topic) {
    return restored != null
        ? new TreeMap<>()
        : new StartingOffsets(topic, settings.kafkaGroup(), Clock.systemUTC())
            .resolve(settings.startingPosition());
  }

  /**
   * How many events Kafka may still have before what the group has committed. Whoever gives another
   * position knows what it leaves out.
   */
  private long leftOut(Topic topic, ResolvedStart start) {
    if (restored != null || !(settings.startingPosition() instanceof StartingPosition.Committed)) {
      return 0;
    }
    Map<Integer, Long> first = topic.startOffsets(start.offsets().keySet());
    return start.offsets().entrySet().stream()
        .mapToLong(next -> next.getValue() - first.get(next.getKey()))
        .sum();
  }

  private void lookAtState() {
    if (restored != null && !restored.equals(StartDescription.STATE_TO_COME)) {
      StateToRestore.problem(restored).ifPresent(problems::add);
    }
  }

  private void lookAtTables(ResolvedStart start) {
    try (Connection connection = postgres.getOrEstablishConnection()) {
      tables = TablesPlace.of(connection, settings.tables());
      List<String> faults = TableCheck.problems(connection, settings.tables(), postgres.toString());
      problems.addAll(faults);
      TableCheck.warning(connection, settings.tables()).ifPresent(warnings::add);
      if (leftOut > 0
          && faults.isEmpty()
          && !Sources.isKnown(connection, Uuid.fromString(start.topicId()))) {
        warnings.add(
            String.format(
                Locale.ROOT,
                "nothing of topic %s was ever written to this database, and up to %,d events before the offsets of group %s are not read; to read them too, start with --starting-offsets earliest",
                settings.kafkaTopic(),
                leftOut,
                settings.kafkaGroup()));
      }
    } catch (SQLException e) {
      // What can succeed by itself: whatever cannot was thrown as something else.
      unreachable = true;
      problems.add(BatchFailure.message(e));
    } catch (RuntimeException e) {
      problems.add(String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage()));
    }
  }
}
