package dev.trafficctl.cli.flink;

import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.model.SecretFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.tls.Certificates;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** Gives an HTTP client the certificates of an https connection. */
final class TlsClient {
  private TlsClient() {}

  /**
   * Makes the client trust and present what the files hold.
   *
   * @throws CommandException when a file cannot be read, or does not hold what it should
   */
  static void configure(OkHttpClient.Builder client, FlinkConnection.Tls tls) {
    HandshakeCertificates.Builder certificates = new HandshakeCertificates.Builder();
    if (tls.caCertificate() == null) {
      certificates.addPlatformTrustedCertificates();
    } else {
      read(tls.caCertificate()).forEach(certificates::addTrustedCertificate);
    }
    if (tls.clientCertificate() != null) {
      List<X509Certificate> chain = read(tls.clientCertificate());
      certificates.heldCertificate(
          held(chain.get(0), tls), chain.subList(1, chain.size()).toArray(new X509Certificate[0]));
    }
    HandshakeCertificates made = certificates.build();
    client.sslSocketFactory(made.sslSocketFactory(), made.trustManager());
  }

  private static List<X509Certificate> read(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes))
              .stream()
              .map(TlsClient::x509)
              .toList();
      if (!certificates.isEmpty()) {
        return certificates;
      }
    } catch (IOException e) {
      throw failure(file + " cannot be read; check that it exists and who owns it", e);
    } catch (CertificateException e) {
      throw noCertificate(file, e);
    }
    throw noCertificate(file, null);
  }

  private static X509Certificate x509(Certificate certificate) {
    return (X509Certificate) certificate;
  }

  private static HeldCertificate held(X509Certificate certificate, FlinkConnection.Tls tls) {
    Path file = tls.clientKey();
    String key;
    try {
      key = SecretFile.read(file);
    } catch (SecretFile.UnusableException e) {
      throw failure(e.getMessage(), e);
    }
    if (!key.contains("-----BEGIN PRIVATE KEY-----")) {
      throw failure(
          file
              + " holds no unencrypted PKCS#8 key in PEM form; make one with: openssl pkcs8 -topk8"
              + " -nocrypt -in KEY -out "
              + file.getFileName(),
          null);
    }
    try {
      // The file may hold the certificate as well.
      String alone = key.substring(key.indexOf("-----BEGIN PRIVATE KEY-----"));
      String end = "-----END PRIVATE KEY-----";
      int length = alone.indexOf(end) < 0 ? alone.length() : alone.indexOf(end) + end.length();
      HeldCertificate held =
          HeldCertificate.decode(
              Certificates.certificatePem(certificate) + alone.substring(0, length) + "\n");
      checkPair(held, tls);
      return held;
    } catch (IllegalArgumentException e) {
      // Its message and its causes can repeat the file, which is secret.
      throw failure(
          file
              + " holds no key that can be read, or one of another kind than the certificate in "
              + tls.clientCertificate()
              + " needs; give the one it was made with",
          null);
    }
  }

  private static void checkPair(HeldCertificate held, FlinkConnection.Tls tls) {
    byte[] probe = "trafficctl".getBytes(StandardCharsets.UTF_8);
    boolean pair = false;
    try {
      String algorithm =
          held.keyPair().getPrivate().getAlgorithm().equals("RSA")
              ? "SHA256withRSA"
              : "SHA256withECDSA";
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(held.keyPair().getPrivate());
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(held.certificate());
      signature.update(probe);
      pair = signature.verify(signed);
    } catch (GeneralSecurityException e) {
      // A key of another kind than the certificate's: no pair either.
    }
    if (!pair) {
      throw failure(
          tls.clientKey() + " is not the key of the certificate in " + tls.clientCertificate(),
          null);
    }
  }

  private static CommandException noCertificate(Path file, Throwable cause) {
    return failure(file + " holds no certificate in PEM form; check what was saved there", cause);
  }

  private static CommandException failure(String message, Throwable cause) {
    return new CommandException(ExitCode.FAILED, message, cause);
  }
}
