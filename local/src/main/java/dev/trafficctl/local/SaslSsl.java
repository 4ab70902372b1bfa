package dev.trafficctl.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * TLS with a certificate of the stack's own, and SASL PLAIN with a key and a secret, on every
 * listener: the broker speaks to its own controller in no other way.
 */
final class SaslSsl implements KafkaSecurity {
  private static final String ALIAS = "broker";
  private static final String STORE_PASSWORD = "STORE_PASSWORD";
  private static final int PEM_LINE = 64;
  private static final int VALID_DAYS = 3_650;

  private final StackDirectory directory;
  private final Secrets secrets;

  /**
   * Security whose files lie with those of the broker.
   *
   * @param directory that of the stack
   * @param secrets the key and the secret; the latter protects the key store too
   */
  SaslSsl(StackDirectory directory, Secrets secrets) {
    this.directory = directory;
    this.secrets = secrets;
  }

  private Path keyStore() {
    return directory.kafka().resolve("keystore.p12");
  }

  private Path trustStore() {
    return directory.kafka().resolve("truststore.pem");
  }

  @Override
  public void prepare() throws IOException {
    if (!Files.exists(keyStore())) {
      makeKeyStore();
    }
    if (!Files.exists(trustStore())) {
      StackDirectory.writeForOwner(trustStore(), certificate());
    }
  }

  private void makeKeyStore() throws IOException {
    Path unfinished = directory.kafka().resolve("keystore.tmp");
    Files.deleteIfExists(unfinished);
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            ALIAS,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=localhost, O=trafficctl local",
            "-ext",
            "SAN=DNS:localhost,IP:127.0.0.1",
            "-validity",
            Integer.toString(VALID_DAYS),
            "-storetype",
            "PKCS12",
            "-keystore",
            unfinished.toString(),
            "-storepass:env",
            STORE_PASSWORD);
    new Command(command, Map.of(STORE_PASSWORD, secrets.kafkaSecret()))
        .run("making the broker's certificate");
    Files.move(unfinished, keyStore(), StandardCopyOption.ATOMIC_MOVE);
  }

  private String certificate() throws IOException {
    try (InputStream in = Files.newInputStream(keyStore())) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, secrets.kafkaSecret().toCharArray());
      byte[] encoded = store.getCertificate(ALIAS).getEncoded();
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'}).encodeToString(encoded)
          + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new StackException("cannot read " + keyStore() + ": " + directory.startAnew(), e);
    }
  }

  @Override
  public String brokerProperties() {
    return """
        listener.security.protocol.map=CLIENT:SASL_SSL,CONTROLLER:SASL_SSL
        sasl.enabled.mechanisms=PLAIN
        sasl.mechanism.inter.broker.protocol=PLAIN
        sasl.mechanism.controller.protocol=PLAIN
        listener.name.client.plain.sasl.jaas.config=%1$s
        listener.name.controller.plain.sasl.jaas.config=%1$s
        ssl.keystore.type=PKCS12
        ssl.keystore.location=%2$s
        ssl.keystore.password=%3$s
        ssl.key.password=%3$s
        ssl.truststore.type=PEM
        ssl.truststore.location=%4$s
        """
        .formatted(
            jaas() + " user_" + secrets.kafkaKey() + "=\"" + secrets.kafkaSecret() + "\";",
            KafkaPart.escaped(keyStore().toString()),
            secrets.kafkaSecret(),
            KafkaPart.escaped(trustStore().toString()));
  }

  @Override
  public Map<String, String> clientProperties() {
    Map<String, String> properties = new HashMap<>(publicClientProperties());
    properties.put("security.protocol", "SASL_SSL");
    properties.put("sasl.mechanism", "PLAIN");
    properties.put("sasl.jaas.config", jaas() + ";");
    return properties;
  }

  @Override
  public Map<String, String> publicClientProperties() {
    return Map.of("ssl.truststore.type", "PEM", "ssl.truststore.location", trustStore().toString());
  }

  private String jaas() {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\""
        + secrets.kafkaKey()
        + "\" password=\""
        + secrets.kafkaSecret()
        + "\"";
  }
}
