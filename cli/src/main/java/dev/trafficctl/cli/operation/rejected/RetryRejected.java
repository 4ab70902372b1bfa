package dev.trafficctl.cli.operation.rejected;

import dev.trafficctl.cli.journal.Asked;
import dev.trafficctl.cli.journal.Entry;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.journal.Operation;
import dev.trafficctl.cli.kafka.JobTopic;
import dev.trafficctl.cli.operation.change.Change;
import dev.trafficctl.cli.operation.change.FlinkDeadline;
import dev.trafficctl.cli.operation.change.Follower;
import dev.trafficctl.cli.operation.change.Plan;
import dev.trafficctl.cli.operation.change.Prepared;
import dev.trafficctl.cli.operation.change.Result;
import dev.trafficctl.cli.operation.change.Session;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.postgres.RejectedEvents;
import dev.trafficctl.cli.postgres.RejectedGroup;
import dev.trafficctl.cli.postgres.RejectedRow;
import dev.trafficctl.cli.postgres.RejectedSelection;
import dev.trafficctl.cli.postgres.Settlement;
import dev.trafficctl.cli.postgres.Settlement.Verdict;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.rejected.Retrial;
import dev.trafficctl.cli.rejected.RetryCounts;
import dev.trafficctl.model.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Sends rejected events again: through the job's parser and filter, and to the table where they
 * belong now. In whole batches, each a transaction, so that it can be cut off and done again at any
 * time.
 */
public final class RetryRejected implements Follower {
  /** What it is called in the journal. */
  public static final String VERB = "rejected-retry";

  /** The option under which the command is written down that does it again. */
  private static final String COMMAND = "command";

  /** A payload may be 1 MiB, so that a batch takes up to 50 MiB. */
  private static final int BATCH = 50;

  private final Session session;

  /** With what it works with. */
  public RetryRejected(Session session) {
    this.session = session;
  }

  /**
   * What is asked.
   *
   * @param job the job's name
   * @param settings its settings
   * @param topic its topic
   * @param source the number of that topic's id
   * @param selection the rows
   * @param command the command that asks the same again
   * @param verify the command that checks the rows afterwards
   */
  public record Request(
      String job,
      Settings settings,
      JobTopic topic,
      short source,
      RejectedSelection selection,
      String command,
      String verify) {}

  /**
   * The change.
   *
   * @param events the rows; they stay open for as long as the change does
   * @param planOnly whether only the plan is wanted, for which no rights to change rows are needed
   */
  public Change change(Request request, RejectedEvents events, boolean planOnly) {
    return new Change() {
      @Override
      public String verb() {
        return VERB;
      }

      @Override
      public String job() {
        return request.job();
      }

      @Override
      public Optional<Plan> nothing() {
        boolean some =
            !events.rows(List.of(request.source()), request.selection(), null, 1, false).isEmpty();
        return some ? Optional.empty() : Optional.of(plan(request, List.of()));
      }

      @Override
      public Prepared prepare() {
        List<RejectedGroup> groups = events.groups(List.of(request.source()), request.selection());
        if (!planOnly && !groups.isEmpty()) {
          events.settlement().requireRights();
        }
        return new Prepared(
            plan(request, groups), lock -> run(lock, request, total(groups), events), true);
      }
    };
  }

  private Plan plan(Request request, List<RejectedGroup> groups) {
    return new Plan(
            VERB,
            session.cluster().shown(),
            request.job(),
            null,
            "send %s rejected events of the job %s again"
                .formatted(Text.number(total(groups)), Text.safe(request.job())),
            List.of(),
            List.of())
        .retrying(groups);
  }

  private static long total(List<RejectedGroup> groups) {
    return groups.stream().mapToLong(RejectedGroup::count).sum();
  }

  private Result run(JobLock lock, Request request, long total, RejectedEvents events) {
    RetryCounts counts = new RetryCounts();
    Asked asked =
        new Asked(
            VERB,
            session.flink().address(),
            session.cluster().context(),
            null,
            request.job(),
            Map.of(COMMAND, request.command()));
    return session.journaled(
        lock,
        asked,
        entry -> {
          CommandException failure = null;
          boolean finished = false;
          try (Retrial retrial = new Retrial(request.settings(), request.topic())) {
            finished = all(request, total, events, retrial, counts);
          } catch (CommandException e) {
            failure = e;
          }
          session.progress().done();
          return result(entry.id(), request, counts, finished, failure);
        });
  }

  /** Whether it came to the end of the rows; it stops when the thread is interrupted. */
  private boolean all(
      Request request, long total, RejectedEvents events, Retrial retrial, RetryCounts counts) {
    Settlement settlement = events.settlement();
    List<Short> source = List.of(request.source());
    RejectedRow last = null;
    while (!Thread.currentThread().isInterrupted()) {
      List<RejectedRow> rows = events.rows(source, request.selection(), last, BATCH, true);
      if (rows.isEmpty()) {
        return true;
      }
      List<Verdict> changes = new ArrayList<>();
      for (RejectedRow row : rows) {
        Optional<Verdict> verdict = retrial.judge(row);
        if (verdict.isEmpty()) {
          counts.unreadable(row);
        } else if (verdict.get() instanceof Verdict.Reject rejected && isSaid(rejected)) {
          counts.unchanged(rejected);
        } else {
          changes.add(verdict.get());
        }
      }
      counts.carriedOut(changes, settlement.carryOut(changes));
      last = rows.get(rows.size() - 1);
      session
          .progress()
          .update(
              "sent again " + Text.number(counts.seen()) + " of " + Text.number(total) + " events");
    }
    return false;
  }

  private static boolean isSaid(Verdict.Reject rejected) {
    return rejected.rejection().reason().code().equals(rejected.row().reason())
        && rejected.rejection().detail().equals(rejected.row().detail());
  }

  private static Result result(
      String id, Request request, RetryCounts counts, boolean finished, CommandException failure) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "of %s rejected events %s are stored, %s were stored already, %s are dropped by the filter, %s are rejected again"
            .formatted(
                Text.number(counts.seen()),
                Text.number(counts.stored()),
                Text.number(counts.present()),
                Text.number(counts.filtered()),
                Text.number(counts.rejectedRows())));
    if (counts.rejectedRows() > 0) {
      lines.add(
          "rejected again: "
              + counts.rejected().entrySet().stream()
                  .map(reason -> reason.getKey() + " " + Text.number(reason.getValue()))
                  .collect(Collectors.joining(", ")));
    }
    counts
        .refused()
        .forEach(
            refused ->
                lines.add(
                    "Postgres refuses %s again, and they stay: %s (%s), first at %s"
                        .formatted(
                            Text.number(refused.count()),
                            refused.message(),
                            refused.state(),
                            refused.place())));
    if (counts.unread() > 0) {
      lines.add(
          "%s stay: their rows do not have all of them, and Kafka no longer has them: %s%s"
              .formatted(
                  Text.number(counts.unread()),
                  String.join(", ", counts.unreadPlaces()),
                  counts.unread() > counts.unreadPlaces().size() ? ", …" : ""));
    }
    if (failure != null) {
      lines.add("not finished: " + failure.getMessage());
    } else if (!finished) {
      lines.add("not finished: interrupted");
    }
    ExitCode outcome = outcome(counts, finished, failure);
    lines.add(
        outcome == ExitCode.DONE
            ? "check it with: " + request.verify()
            : "once the cause is mended, go on with: " + request.command());
    return new Result(
            id, VERB, request.job(), null, outcome, null, null, String.join("\n", lines), false)
        .with(counts);
  }

  private static ExitCode outcome(RetryCounts counts, boolean finished, CommandException failure) {
    if (finished && counts.refusedRows() + counts.unread() == 0) {
      return ExitCode.DONE;
    }
    if (counts.changed()) {
      return ExitCode.PARTLY_DONE;
    }
    return failure == null ? ExitCode.FAILED : failure.exitCode();
  }

  @Override
  public Result settle(Operation operation, Entry entry, FlinkDeadline deadline) {
    String command = operation.asked().options().get(COMMAND);
    if (command == null) {
      throw new IllegalArgumentException("no " + COMMAND);
    }
    return new Result(
        operation.id(),
        VERB,
        operation.asked().job(),
        null,
        ExitCode.PARTLY_DONE,
        null,
        null,
        "it was cut off between two batches, or within one that Postgres then took back or kept as"
            + " a whole; what is left is done by: "
            + command,
        false);
  }
}
