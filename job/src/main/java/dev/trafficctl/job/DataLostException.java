package dev.trafficctl.job;

/**
 * What the job would have to read next is no longer there, or is not what it was. Going on would
 * skip events, so the job stays failed until somebody decides; the message names what is lost.
 */
final class DataLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DataLostException(String message) {
    super(message);
  }
}
