package dev.trafficctl.local;

import dev.trafficctl.kafka.FirstLook;
import dev.trafficctl.kafka.NotKafkaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/** The Kafka broker, which is its own controller. */
final class KafkaPart extends JvmPart {
  private static final int ANSWER_MILLIS = 5_000;

  private final int port;
  private final String clusterId;
  private final Path configuration;
  private final KafkaSecurity security;

  KafkaPart(
      StackDirectory directory,
      Path lib,
      Path configuration,
      int port,
      String clusterId,
      KafkaSecurity security) {
    super(KAFKA, directory, lib);
    this.port = port;
    this.clusterId = clusterId;
    this.configuration = configuration.toAbsolutePath();
    this.security = security;
  }

  @Override
  String address() {
    return "127.0.0.1:" + port;
  }

  @Override
  List<Port> ports() {
    return List.of(Port.chosenBy("--kafka-port", port));
  }

  private Path properties() {
    return directory().kafka().resolve("server.properties");
  }

  private Path data() {
    return directory().kafka().resolve("data");
  }

  @Override
  void launch() throws IOException {
    security.prepare();
    StackDirectory.writeForOwner(
        properties(),
        Files.readString(configuration.resolve("server.properties")) + machineProperties());
    if (!Files.exists(data().resolve("meta.properties"))) {
      format();
    }
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-Xms512m",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dlog4j2.configurationFile=" + logging()));
    arguments.addAll(classPath());
    arguments.addAll(List.of("kafka.Kafka", properties().toString()));
    launchJava(arguments, Map.of());
  }

  private void format() {
    List<String> command = new ArrayList<>(List.of(java(), "-XX:TieredStopAtLevel=1"));
    command.add("-Dlog4j2.configurationFile=" + logging());
    command.addAll(classPath());
    command.addAll(
        List.of(
            "kafka.tools.StorageTool",
            "format",
            "--ignore-formatted",
            "--cluster-id",
            clusterId,
            "--config",
            properties().toString()));
    new Command(command, Map.of()).run("formatting Kafka's storage");
  }

  private String logging() {
    return configuration.resolve("log4j2.properties").toUri().toString();
  }

  private String machineProperties() {
    // Nobody but the broker itself needs the controller, so any free port will do each time.
    int controllerPort = FreePorts.find(1)[0];
    return """

        # This machine.
        listeners=CLIENT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        advertised.listeners=CLIENT://127.0.0.1:%1$d
        inter.broker.listener.name=CLIENT
        controller.listener.names=CONTROLLER
        controller.quorum.voters=1@127.0.0.1:%2$d
        log.dirs=%3$s
        %4$s"""
        .formatted(port, controllerPort, escaped(data().toString()), security.brokerProperties());
  }

  /** A value as a properties file holds it, which Kafka reads as ISO-8859-1. */
  static String escaped(String value) {
    StringBuilder escaped = new StringBuilder();
    for (char character : value.toCharArray()) {
      if (character == '\\') {
        escaped.append("\\\\");
      } else if (character < ' ' || character > '~') {
        escaped.append("\\u%04x".formatted((int) character));
      } else {
        escaped.append(character);
      }
    }
    return escaped.toString();
  }

  @Override
  boolean answers() {
    Map<String, Object> properties = new HashMap<>(security.clientProperties());
    properties.put("bootstrap.servers", address());
    properties.put("default.api.timeout.ms", ANSWER_MILLIS);
    properties.put("request.timeout.ms", ANSWER_MILLIS);
    try {
      // An Admin client that finds nobody listening complains in the log of whoever waits here.
      if (!FirstLook.before(properties)) {
        return false;
      }
    } catch (NotKafkaException e) {
      // Something else has taken its port.
      return false;
    }
    try (Admin admin = Admin.create(properties)) {
      return !admin
          .describeCluster(new DescribeClusterOptions().timeoutMs(ANSWER_MILLIS))
          .nodes()
          .get()
          .isEmpty();
    } catch (ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
