package dev.trafficctl.job;

/** Kafka could not answer; the message is one line that names the remedy and no secret. */
final class KafkaAnswerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean unreachable;

  KafkaAnswerException(String message, boolean unreachable, Throwable cause) {
    super(message, cause);
    this.unreachable = unreachable;
  }

  /** Whether the brokers could not be reached, rather than having refused. */
  boolean unreachable() {
    return unreachable;
  }
}
