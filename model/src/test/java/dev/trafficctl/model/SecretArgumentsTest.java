package dev.trafficctl.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretArgumentsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "submit -- --postgres-password canary|--postgres-password: a secret",
        "submit -- --postgres-password=canary|--postgres-password: a secret",
        "submit -- --kafka.sasl.jaas.config=x password=\"canary\"|--kafka.sasl.jaas.config: a secret",
        "submit -- --postgres-url jdbc:postgresql://db/t?password=canary|--postgres-url: has a",
        "submit -- --postgres-url=jdbc:postgresql://db/t?a=b&sslpassword=canary|--postgres-url: has",
        "submit -- --postgres-url=jdbc:postgresql://db/t?PASSWORD=canary|--postgres-url: has a",
        "submit -- --postgres-url=jdbc:postgresql://db/t?pwd=canary|--postgres-url: has a parameter pwd",
        "submit -- --postgres-url=jdbc:postgresql:t?ssl=1&pass%77ord=canary|--postgres-url: has a"
            + " parameter pass%77ord",
        "submit -- --postgres-url=jdbc:postgresql://db/t?Password=canary|--postgres-url: has a pass",
        "submit -- --postgres-url=jdbc:postgresql://db/t?pass+word=canary|--postgres-url: has a"
            + " parameter pass+word",
        "submit -- --postgres-url=jdbc:postgresql://db/t?\u001b[2Jpwd=canary|--postgres-url: has a"
            + " parameter ?[2Jpwd",
        "restart --set postgres-url=jdbc:postgresql://db/t?pwd=canary|--set postgres-url: has a par",
        "submit POSTGRES_URL=jdbc:postgresql://db/t?pwd=canary|an argument POSTGRES_URL: has a par",
        "verify jdbc:postgresql://db/t?pwd=canary|an argument: has a parameter pwd",
        "submit -- --postgres-url jdbc:postgresql://me:canary@db/t|--postgres-url: has a password",
        "submit -- --kafka-url me:canary@broker:9092|--kafka-url: has a user or a password in it",
        "submit -- --kafka-url=broker:9092,me:canary@broker:9092|--kafka-url: has a user or a",
        "submit POSTGRES_PASSWORD=canary|an argument POSTGRES_PASSWORD: a secret is never",
        "restart --set postgres-url=jdbc:postgresql://db/t?password=canary|--set postgres-url: has",
        "restart --set kafka.sasl.jaas.config=canary|--set kafka.sasl.jaas.config: a secret",
        "restart --set=postgres-password=canary|--set postgres-password: a secret",
        "context set x --kafka-url me:canary@broker:9092|--kafka-url: has a user or a password",
        "context set x --kafka-property ssl.keystore.key=canary|--kafka-property ssl.keystore.key: a",
        "context set x --flink-bearer-token canary|--flink-bearer-token: a secret is never",
        "status --flink http://me:canary@flink:8081|--flink: has a user or a password in it",
        "status --flink=http://canary@flink:8081|--flink: has a user or a password in it",
        "savepoint --to s3://key:canary@bucket/savepoints|--to: has a password in it",
        "savepoint inspect https://storage/s?X-Amz-Security-Token=canary|an argument: has a"
      })
  void refusesASecretInAnArgumentWithoutRepeatingIt(String line, String words) {
    String problem = SecretArguments.problem(List.of(line.split(" ", -1))).orElse("none");

    assertThat(problem).startsWith(words).doesNotContain("canary").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "context set x --flink-basic-password-env FLINK_PASSWORD --flink-basic-password-file p",
        "context set x --flink-bearer-token-file=token --flink-client-key client-key.pem",
        "context set x --kafka-property ssl.truststore.location=/etc/kafka-ca.pem",
        "submit -- --postgres-url jdbc:postgresql://db:5432/t?sslmode=verify-full&sslrootcert=/ca",
        "submit -- --postgres-url jdbc:postgresql://db/t?user=me&port=5433&&reWriteBatchedInserts=true",
        "submit -- --postgres-url jdbc:postgresql://db/t?options=-c%20search_path=a&tcpKeepAlive",
        "submit -- --filter paths:{x:[\"/login?password=1\"]}",
        "restart --set filter=paths:{x:[\"/login?token=1\",\"http://a:b@c\"]}",
        "savepoint inspect hdfs://nn:8020/user/me@example.org/savepoint-1",
        "status password-resets",
        "offsets --from-offsets 0=12,1=7",
        "cancel --yes=traffic --last-way-back"
      })
  void takesWhatHoldsNone(String line) {
    assertThat(SecretArguments.problem(List.of(line.split(" ", -1)))).isEmpty();
  }
}
