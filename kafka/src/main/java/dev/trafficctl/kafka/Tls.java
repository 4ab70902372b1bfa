package dev.trafficctl.kafka;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/** TLS as a Kafka client with the same settings speaks it: trust store, protocols, host name. */
final class Tls {
  private final SSLContext context;
  private final String identification;
  private final List<?> protocols;

  /**
   * With the values of a client's configuration.
   *
   * @throws org.apache.kafka.common.KafkaException when they are no good
   */
  Tls(Map<String, ?> client) {
    try (DefaultSslEngineFactory factory = new DefaultSslEngineFactory()) {
      factory.configure(client);
      this.context = factory.sslContext();
    }
    this.identification =
        (String) client.get(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG);
    this.protocols = (List<?>) client.get(SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG);
  }

  /**
   * The same connection, secured; the handshake is done, and the server is the one that is meant.
   */
  Socket over(Socket plain, Endpoint endpoint) throws IOException {
    SSLSocket secured =
        (SSLSocket)
            context.getSocketFactory().createSocket(plain, endpoint.host(), endpoint.port(), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm(identification);
    parameters.setProtocols(protocols.stream().map(String::valueOf).toArray(String[]::new));
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }
}
