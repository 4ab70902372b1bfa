package dev.trafficctl.cli.operation.change;

import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.util.Optional;
import java.util.function.Function;

/** A change of a job that runs. */
public final class JobChange implements Change {
  private final Session session;
  private final String verb;
  private final JobSummary found;
  private final Function<JobSummary, Prepared> preparing;

  /**
   * With what is done.
   *
   * @param found the job as Flink lists it
   * @param preparing looks whether it can be done to it
   */
  public JobChange(
      Session session, String verb, JobSummary found, Function<JobSummary, Prepared> preparing) {
    this.session = session;
    this.verb = verb;
    this.found = found;
    this.preparing = preparing;
  }

  @Override
  public String verb() {
    return verb;
  }

  @Override
  public String job() {
    return found.name();
  }

  @Override
  public Prepared prepare() {
    requireLive();
    return preparing.apply(found);
  }

  /** The list of jobs is up to 3 s old, and somebody else may have ended the job. */
  private void requireLive() {
    Optional<String> state = session.flink().jobState(found.id());
    if (state.isEmpty() || JobSummary.ended(state.get())) {
      throw new CommandException(
          ExitCode.FAILED,
          "the job %s (%s) does not run: it is %s; start it again with: %s"
              .formatted(
                  Text.safe(found.name()),
                  found.id(),
                  state.orElse("gone"),
                  session.next().restart(found.parameter())));
    }
  }
}
