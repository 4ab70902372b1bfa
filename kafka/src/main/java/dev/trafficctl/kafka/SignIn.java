package dev.trafficctl.kafka;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.security.auth.login.LoginException;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.internals.SecurityManagerCompatibility;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.authenticator.DefaultLogin;
import org.apache.kafka.common.security.authenticator.LoginManager;
import org.apache.kafka.common.security.authenticator.SaslClientCallbackHandler;
import org.apache.kafka.common.utils.Utils;

/**
 * The credentials of a Kafka client for SASL PLAIN (RFC 4616), found by the client's own login and
 * callback handler (KIP-86), and whether a broker has refused them: they are not tried again then,
 * since whoever checks them may lock an account.
 */
final class SignIn {
  /** The mechanism. */
  static final String PLAIN = "PLAIN";

  private final byte[] token;
  private final AtomicBoolean refused = new AtomicBoolean();

  private SignIn(byte[] token) {
    this.token = token;
  }

  /**
   * With the values of a client's configuration.
   *
   * @return nothing where the mechanism is another one, or there are no credentials: the client
   *     says what is wrong
   */
  static Optional<SignIn> of(Map<String, ?> client) {
    if (!PLAIN.equals(client.get(SaslConfigs.SASL_MECHANISM))) {
      return Optional.empty();
    }
    try {
      JaasContext jaas = JaasContext.loadClientContext(client);
      LoginManager login =
          LoginManager.acquireLoginManager(jaas, PLAIN, DefaultLogin.class, client);
      AuthenticateCallbackHandler handler = handler(client);
      try {
        handler.configure(client, PLAIN, jaas.configurationEntries());
        return Optional.of(
            new SignIn(
                SecurityManagerCompatibility.get()
                    .callAs(login.subject(), () -> token(client, handler))));
      } finally {
        handler.close();
        login.release();
      }
    } catch (LoginException
        | CompletionException
        | KafkaException
        | IllegalArgumentException
        | IllegalStateException e) {
      return Optional.empty();
    }
  }

  private static AuthenticateCallbackHandler handler(Map<String, ?> client) {
    Class<?> given = (Class<?>) client.get(SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS);
    return given == null
        ? new SaslClientCallbackHandler()
        : (AuthenticateCallbackHandler) Utils.newInstance(given);
  }

  private static byte[] token(Map<String, ?> client, AuthenticateCallbackHandler handler)
      throws SaslException {
    // Neither service nor server are part of what PLAIN sends.
    SaslClient plain =
        Sasl.createSaslClient(new String[] {PLAIN}, null, "kafka", "localhost", client, handler);
    try {
      return plain.evaluateChallenge(new byte[0]);
    } finally {
      plain.dispose();
    }
  }

  /** What is sent to a broker, of whom TLS has proved who it is. */
  byte[] token() {
    return token;
  }

  /** A broker does not accept the credentials. */
  void refuse() {
    refused.set(true);
  }

  /** Whether a broker has refused them. */
  boolean isRefused() {
    return refused.get();
  }
}
