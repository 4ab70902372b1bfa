package dev.trafficctl.cli.process;

/** What the exit code of a command means; scripts rely on it. */
public enum ExitCode {
  /** Done, or the check holds. */
  DONE(0, "done, or the check holds"),
  /** Failed, and nothing half done. */
  FAILED(1, "failed, and nothing half done"),
  /** The command line is wrong. */
  USAGE(2, "wrong usage"),
  /** A check does not hold. */
  CHECK_FAILED(3, "a check does not hold"),
  /** Refused: unsafe, ambiguous or not confirmed. */
  REFUSED(4, "refused: unsafe, ambiguous or not confirmed"),
  /** Flink, Kafka or Postgres cannot be reached. */
  UNREACHABLE(5, "Flink, Kafka or Postgres cannot be reached"),
  /** Whether the change happened is not known; the message says how to find out. */
  OUTCOME_UNKNOWN(6, "outcome unknown; the message says how to find out"),
  /** Partly done; the message says what is left and how to finish it. */
  PARTLY_DONE(7, "partly done; the message says how to finish it");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  /** The number that the process exits with. */
  public int number() {
    return number;
  }

  /** The meaning in a few words, for the help texts. */
  public String meaning() {
    return meaning;
  }
}
