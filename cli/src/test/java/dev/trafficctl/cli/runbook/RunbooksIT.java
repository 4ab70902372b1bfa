package dev.trafficctl.cli.runbook;

import dev.trafficctl.cli.SharedStack;
import dev.trafficctl.cli.TestConsole;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(SharedStack.class)
class RunbooksIT {
  @TempDir Path home;

  static Stream<Named<Drill>> drills() {
    return Drills.all().stream().map(drill -> Named.of(drill.page(), drill));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("drills")
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void thePageHelps(Drill drill) throws Exception {
    Runbook page = RunbookReader.read(RunbookPages.DIRECTORY.resolve(drill.page()));
    String topic = "runbook-" + UUID.randomUUID();
    try (DrillStack stack = new DrillStack(SharedStack.directory(), topic, home)) {
      stack.cancelJobs();
      stack.letTrafficFlow();
      try {
        drill.cause(stack);
        new RunbookRun(stack, stack::sql, drill.deeds(stack), stack.values()).run(page);
        stack.checkNothingIsLostOrRepeated();
        drill.check(stack);
      } finally {
        // Whatever the drill has ended serves the tests that come.
        SharedStack.up(TestConsole.real(), SharedStack.directory());
        drill.undo(stack);
      }
    }
  }
}
