package dev.trafficctl.kafka;

/**
 * At an address where Kafka is looked for, something else answers, or whoever answers sends its
 * clients to where nothing does. The message is one line that says where and what, without a remedy
 * and without a full stop; it holds no control characters, whatever was answered.
 */
public final class NotKafkaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotKafkaException(String message) {
    super(message);
  }
}
