package dev.trafficctl.cli;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.trafficctl.cli.command.next.ShellCommands;
import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.postgres.JobDatabase;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.local.Distribution;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.StackStatus;
import dev.trafficctl.model.TableNames;
import dev.trafficctl.model.TlsDisagreements;
import dev.trafficctl.model.TlsDisagreements.Disagreement;
import java.nio.file.Path;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is said where this machine cannot agree with a real Postgres on TLS. */
@ExtendWith(SharedStack.class)
class PostgresTlsIT {
  @TempDir Path directory;

  @Test
  void eachDisagreementOnTlsIsToldWithWhatEndsIt() throws Exception {
    StackStatus.Addresses at =
        LocalStack.in(
                Path.of(SharedStack.directory()),
                Distribution.ofCheckout(Path.of("..").toAbsolutePath().normalize()))
            .status()
            .addresses()
            .asOwner();
    SoftAssertions each = new SoftAssertions();
    try (TlsDisagreements disagreements =
        new TlsDisagreements(
            at.postgres(),
            at.postgresUser(),
            at.environment().get("POSTGRES_PASSWORD"),
            directory)) {
      for (Disagreement one : disagreements.all()) {
        disagreements.configure(one.server());
        CommandException thrown =
            catchThrowableOfType(
                CommandException.class,
                () ->
                    new JobDatabase(
                            Destination.named(one.url(), at.environment()),
                            one.user(),
                            TableNames.DEFAULT,
                            new ShellCommands())
                        .connect());
        each.assertThat(thrown).hasMessage(one.line());
        each.assertThat(thrown.exitCode()).as(one.line()).isEqualTo(ExitCode.UNREACHABLE);
      }
    }
    each.assertAll();
  }
}
