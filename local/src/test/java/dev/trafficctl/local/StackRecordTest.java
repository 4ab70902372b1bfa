package dev.trafficctl.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StackRecordTest {
  private static final StackRecord MADE =
      new StackRecord("id", new StackOptions(2, 2, Security.PLAINTEXT, 9092, 5432, 8081), 6123);
  private static final StackDirectory PLACE = new StackDirectory(Path.of("/srv/a st'ck"));

  @Test
  void aNamedPortIsTakenAndAnyOtherFound() {
    StackRecord made =
        StackRecord.make("id", new StackOptions(1, 2, Security.SASL_SSL, 9092, 0, 0));

    assertThat(made.options().kafkaPort()).isEqualTo(9092);
    assertThat(made.options().postgresPort()).isBetween(20_000, 31_999);
    assertThat(made.options().flinkPort())
        .isBetween(20_000, 31_999)
        .isNotEqualTo(made.options().postgresPort());
  }

  @Test
  void theNumberOfTaskManagersGrowsAndNeverShrinks() {
    assertThat(MADE.grow(MADE.options().withTaskManagers(3), PLACE).parts())
        .containsExactly(
            "kafka", "postgres", "jobmanager", "taskmanager-1", "taskmanager-2", "taskmanager-3");
    assertThat(MADE.grow(MADE.options().withTaskManagers(1), PLACE)).isEqualTo(MADE);
  }

  @Test
  void anyFreePortMeansTheOneThatWasFound() {
    assertThat(MADE.grow(new StackOptions(2, 2, Security.PLAINTEXT, 0, 0, 0), PLACE))
        .isEqualTo(MADE);
  }

  @Test
  void everythingElseStaysAsItWasMade() {
    assertThatThrownBy(
            () -> MADE.grow(new StackOptions(1, 4, Security.SASL_SSL, 9093, 5432, 0), PLACE))
        .isInstanceOf(StackException.class)
        .hasMessage(
            "this stack was made with --slots 2 --security plaintext --kafka-port 9092, not with"
                + " --slots 4 --security sasl_ssl --kafka-port 9093: ask for the same, or delete"
                + " the stack and its data first with `trafficctl local down --wipe --directory"
                + " '/srv/a st'\\''ck'`");
  }
}
