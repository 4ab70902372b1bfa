package dev.trafficctl.job;

/**
 * What the job would have to read next is no longer there, or is not what it was. Going on would
 * skip events, so the job stays failed until somebody decides; the message names what is lost.
 */
final class DataLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What it means that Kafka has another event at a place than the one that was read there. */
  static final String OTHER_EVENTS =
      "Kafka has lost events and taken others in their places, as in an unclean leader election or"
          + " from a backup, and the rows of the lost ones keep the others out. See them with:"
          + " trafficctl verify JOB; delete them, and read again from before them:"
          + " trafficctl restart JOB --from-offsets OFFSETS";

  DataLostException(String message) {
    super(message);
  }
}
