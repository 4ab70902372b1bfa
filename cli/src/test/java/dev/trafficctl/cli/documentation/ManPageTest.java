package dev.trafficctl.cli.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trafficctl.cli.Documentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

class ManPageTest {
  @TempDir Path directory;

  @Command(
      name = "stop",
      description = {"Stops it. Doesn't lose a row.", ".dotted C:\\temp"},
      footer = {"%nExample:", "  stop --drain 'a b'", ".hidden"})
  static final class Stop {
    @Option(
        names = {"-d", "--drain"},
        description = "Sends a last watermark.")
    boolean drain;

    @Option(
        names = "--to",
        paramLabel = "DIR",
        defaultValue = "/tmp",
        description = "Where to. Default: ${DEFAULT-VALUE}.")
    String to;

    @Option(names = "--secret-door", hidden = true)
    boolean hidden;

    @Parameters(arity = "0..1", paramLabel = "JOB", description = "The job, 100%% of it.")
    String job;
  }

  @Test
  void writesEverythingThatTheHelpHas() {
    assertThat(ManPage.of(new CommandLine(new Stop()).getCommandSpec(), "1.0-rc"))
        .isEqualTo(
            """
            .TH STOP 1 "" "trafficctl 1.0\\-rc"
            .ad l
            .nh
            .SH NAME
            stop \\- Stops it
            .SH SYNOPSIS
            stop [OPTIONS] [JOB]
            .SH DESCRIPTION
            Stops it. Doesn\\(aqt lose a row.
            .PP
            \\&.dotted C:\\etemp
            .SH PARAMETERS
            .TP
            \\fIJOB\\fR
            The job, 100% of it.
            .SH OPTIONS
            .TP
            \\fB\\-d\\fR, \\fB\\-\\-drain\\fR
            Sends a last watermark.
            .TP
            \\fB\\-\\-to\\fR \\fIDIR\\fR
            Where to. Default: /tmp.
            .SH EXAMPLES
            .nf
            stop \\-\\-drain \\(aqa b\\(aq
            \\&.hidden
            .fi
            .SH EXIT STATUS
            .TP
            \\fB0\\fR
            done, or the check holds.
            .TP
            \\fB1\\fR
            failed, and nothing half done.
            .TP
            \\fB2\\fR
            wrong usage.
            .TP
            \\fB3\\fR
            a check does not hold.
            .TP
            \\fB4\\fR
            refused: unsafe, ambiguous or not confirmed.
            .TP
            \\fB5\\fR
            Flink, Kafka or Postgres cannot be reached.
            .TP
            \\fB6\\fR
            outcome unknown; the message says how to find out.
            .TP
            \\fB7\\fR
            partly done; the message says how to finish it.
            """);
  }

  @Test
  void everyCommandHasAPageAndEveryShellAScript() throws Exception {
    Documentation.main(new String[] {directory.toString()});
    try (Stream<Path> files = Files.walk(directory)) {
      List<String> written =
          files
              .filter(Files::isRegularFile)
              .sorted(Comparator.naturalOrder())
              .map(file -> directory.relativize(file).toString())
              .toList();
      assertThat(written)
          .contains(
              "completion/_trafficctl",
              "completion/trafficctl.bash",
              "completion/trafficctl.fish",
              "man/man1/trafficctl.1",
              "man/man1/trafficctl-local.1",
              "man/man1/trafficctl-local-up.1")
          .noneMatch(name -> name.contains("__complete"));
    }
    assertThat(directory.resolve("man/man1/trafficctl-local.1"))
        .content()
        .contains(".SH COMMANDS\n.TP\n\\fBup\\fR\nStarts Kafka, Postgres and Flink, and")
        .endsWith(
            """
            .SH SEE ALSO
            \\fBtrafficctl\\fR(1),
            \\fBtrafficctl\\-local\\-up\\fR(1),
            \\fBtrafficctl\\-local\\-down\\fR(1),
            \\fBtrafficctl\\-local\\-status\\fR(1),
            \\fBtrafficctl\\-local\\-logs\\fR(1),
            \\fBtrafficctl\\-local\\-traffic\\fR(1)
            """);
  }
}
