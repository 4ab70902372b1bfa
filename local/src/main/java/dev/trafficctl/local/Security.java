package dev.trafficctl.local;

/** How clients reach the broker. */
public enum Security {
  /** No encryption and no authentication. */
  PLAINTEXT,
  /**
   * TLS with a certificate that the stack makes for itself, and SASL PLAIN with a key and a secret.
   */
  SASL_SSL
}
