package dev.trafficctl.cli.context;

import dev.trafficctl.cli.flink.FlinkConnection.Credential;
import dev.trafficctl.model.SecretFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/**
 * Fetches what proves to Flink who asks. No message holds a secret.
 *
 * @param directory what a file's relative path is relative to
 * @param variables the environment variables
 */
record Credentials(Path directory, Map<String, String> variables) {

  /**
   * The credential of a context, or null if it has none.
   *
   * @throws IllegalArgumentException with the key and why its secret cannot be had
   */
  Credential of(Context.Flink flink) {
    if (flink.basic() != null) {
      Context.Basic basic = flink.basic();
      String user = secret("flink.basic.user", basic.userFile(), basic.userEnv());
      String password = secret("flink.basic.password", basic.passwordFile(), basic.passwordEnv());
      if (user.contains(":")) {
        throw new IllegalArgumentException(
            "flink.basic.user: holds a colon, which a user may not (RFC 7617)");
      }
      String both = user + ":" + password;
      return new Credential(
          "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)),
          "user and password");
    }
    if (flink.bearer() != null) {
      Context.Bearer bearer = flink.bearer();
      String token = secret("flink.bearer.token", bearer.tokenFile(), bearer.tokenEnv());
      if (!token.matches("[\\x21-\\x7e]+")) {
        throw new IllegalArgumentException(
            "flink.bearer.token: holds white space or other characters that a token cannot have");
      }
      return new Credential("Bearer " + token, "token");
    }
    return null;
  }

  private String secret(String key, String file, String variable) {
    if (file != null) {
      try {
        return SecretFile.read(directory.resolve(file));
      } catch (SecretFile.UnusableException e) {
        throw new IllegalArgumentException(key + "-file: " + e.getMessage(), e);
      }
    }
    String value = variables.get(variable);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(
          key + "-env: the environment variable " + variable + " is not set; set it");
    }
    return value.strip();
  }
}
