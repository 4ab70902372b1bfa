package dev.trafficctl.job;

import dev.trafficctl.model.Secret;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;

/**
 * Answers SASL PLAIN's questions from the environment of the process in which a Kafka client runs.
 *
 * <p>Kafka's usual way, a key and a secret in {@code sasl.jaas.config}, would carry both into the
 * job graph, and from there into the REST API and into high-availability storage. A client callback
 * handler (KIP-86) is named in the client's properties by its class alone.
 */
public final class EnvironmentCredentials implements AuthenticateCallbackHandler {

  @Override
  public void configure(
      Map<String, ?> configs, String saslMechanism, List<AppConfigurationEntry> jaasEntries) {}

  @Override
  public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
    for (Callback callback : callbacks) {
      if (callback instanceof NameCallback name) {
        name.setName(resolve(Secret.KAFKA_WEB_TRAFFIC_KEY));
      } else if (callback instanceof PasswordCallback password) {
        password.setPassword(resolve(Secret.KAFKA_WEB_TRAFFIC_SECRET).toCharArray());
      } else {
        throw new UnsupportedCallbackException(callback);
      }
    }
  }

  private static String resolve(Secret secret) {
    return secret
        .resolve(System::getenv)
        .orElseThrow(
            () ->
                new SaslAuthenticationException(
                    secret
                        + " is not set in the environment of this Flink process; set it for the"
                        + " JobManager and for every TaskManager"));
  }

  @Override
  public void close() {}
}
