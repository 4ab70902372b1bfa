package dev.trafficctl.cli.journal;

/**
 * The steps and details by which the journal's starts of jobs are found again, whoever wrote them.
 */
public final class StartKeys {
  /** The step before Flink is asked. */
  public static final String STARTING = "starting";

  /** The step when Flink has started it. */
  public static final String STARTED = "started";

  /** The detail with the id of the new job. */
  public static final String JOB_ID = "job-id";

  /**
   * The detail or option with how the job is started, as JSON, settings of its environment among
   * them.
   */
  public static final String START = "start";

  /**
   * The option with what a submission was asked with, as JSON; the job's environment may have added
   * settings.
   */
  public static final String REQUEST = "request";

  /** The detail with what the new job goes on from. */
  public static final String RESTORE = "restore";

  /** The detail with what the job before left as it ended. */
  public static final String ENDED = "ended";

  private StartKeys() {}
}
