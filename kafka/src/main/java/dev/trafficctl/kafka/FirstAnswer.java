package dev.trafficctl.kafka;

import java.util.List;

/**
 * What became of a first question to an address.
 *
 * @param kind who is there
 * @param words what it does, to follow its address: {@code speaks HTTP (HTTP/1.1 400 Bad Request)};
 *     empty of a broker
 * @param brokers where a broker sends its clients; empty where that was not asked, or not told
 */
record FirstAnswer(Kind kind, String words, List<Endpoint> brokers) {

  /** Who is there. */
  enum Kind {
    /** A Kafka broker. */
    KAFKA,
    /** Something else. */
    OTHER,
    /** Somebody who takes the connection and ends it without an answer. */
    CLOSED,
    /** Nobody, or nobody who answers in time. */
    NOBODY,
    /** Not known: a client itself says better what is wrong, such as with a certificate. */
    UNKNOWN
  }

  static FirstAnswer broker(List<Endpoint> brokers) {
    return new FirstAnswer(Kind.KAFKA, "", List.copyOf(brokers));
  }

  static FirstAnswer of(Kind kind, String words) {
    return new FirstAnswer(kind, words, List.of());
  }
}
