package dev.trafficctl.cli.command.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.local.Distribution;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.Security;
import dev.trafficctl.local.StackOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class StackMakingOptionsTest {
  @TempDir Path directory;
  private LocalStack stack;

  @BeforeEach
  void setUp() {
    stack =
        LocalStack.in(
            directory.resolve("stack"),
            Distribution.ofCheckout(Path.of("..").toAbsolutePath().normalize()));
  }

  private StackOptions options(String... arguments) {
    return CommandLine.populateCommand(new StackMakingOptions(), arguments).options(stack);
  }

  @Test
  void aNewStackIsTheUsualOneWhereNothingElseIsNamed() {
    assertThat(options("--slots", "4"))
        .isEqualTo(new StackOptions(1, 4, Security.PLAINTEXT, 9092, 5432, 8081));
  }

  @Test
  void aStackThatIsThereIsAsItWasMadeWhereNothingElseIsNamed() {
    stack.prepare(new StackOptions(2, 4, Security.PLAINTEXT, 0, 0, 0));
    StackOptions made = stack.madeWith().orElseThrow();

    assertThat(options()).isEqualTo(made);
    assertThat(made.slots()).isEqualTo(4);
    assertThat(options("--taskmanagers", "3")).isEqualTo(made.withTaskManagers(3));
  }
}
