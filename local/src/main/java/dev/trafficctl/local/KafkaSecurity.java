package dev.trafficctl.local;

import java.io.IOException;
import java.util.Map;

/** How the broker is secured, and what its clients need for it. */
interface KafkaSecurity {

  /** Makes the files it needs, if they are not there yet. */
  void prepare() throws IOException;

  /** The lines of {@code server.properties} for it; they may hold secrets. */
  String brokerProperties();

  /** What a client sets besides the bootstrap server; it may hold secrets. */
  Map<String, String> clientProperties();

  /** What of the client's properties is no secret. */
  Map<String, String> publicClientProperties();

  /** No encryption and no authentication. */
  final class Plaintext implements KafkaSecurity {
    @Override
    public void prepare() {}

    @Override
    public String brokerProperties() {
      return "listener.security.protocol.map=CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT\n";
    }

    @Override
    public Map<String, String> clientProperties() {
      return Map.of();
    }

    @Override
    public Map<String, String> publicClientProperties() {
      return Map.of();
    }
  }
}
