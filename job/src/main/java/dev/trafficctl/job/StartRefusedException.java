package dev.trafficctl.job;

/**
 * The job cannot start with these settings against these systems. The message is for the user: one
 * line for each problem, each with its remedy, and no secret. It has no cause, so that it stands at
 * the end of the stack trace which Flink sends to whoever submitted the job.
 */
public class StartRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With one line for each problem. */
  public StartRefusedException(String message) {
    super(message);
  }

  /** The job cannot start because Kafka or Postgres did not answer; another try may succeed. */
  public static final class UnreachableException extends StartRefusedException {
    private static final long serialVersionUID = 1L;

    /** With one line for each problem. */
    public UnreachableException(String message) {
      super(message);
    }
  }
}
