package dev.trafficctl.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.utils.Utils;

/**
 * Where a broker is.
 *
 * @param host its name or address
 * @param port its port, from 0 to 65,535
 */
record Endpoint(String host, int port) {
  private static final int LAST_PORT = 65_535;

  /** Those of a client's {@code bootstrap.servers}, without what the client will not take. */
  static List<Endpoint> of(Object bootstrapServers) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String text : texts(bootstrapServers)) {
      String host = Utils.getHost(text.strip());
      Integer port = host == null ? null : Utils.getPort(text.strip());
      if (port != null && port >= 0 && port <= LAST_PORT) {
        endpoints.add(new Endpoint(host, port));
      }
    }
    return endpoints;
  }

  private static List<String> texts(Object bootstrapServers) {
    if (bootstrapServers instanceof Collection<?> several) {
      return several.stream().map(String::valueOf).toList();
    }
    return bootstrapServers == null ? List.of() : List.of(bootstrapServers.toString().split(","));
  }

  /** With a check of the port. */
  Endpoint {
    if (port < 0 || port > LAST_PORT) {
      throw new IllegalArgumentException("there is no port " + port);
    }
  }

  /** As {@code --kafka-url} takes it. */
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
