package dev.trafficctl.cli.command.rejected;

import picocli.CommandLine.Command;

/** {@code trafficctl rejected}. */
@Command(
    name = "rejected",
    description = "Shows what the job could not store as events, and sends it again.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {RejectedListCommand.class, RejectedRetryCommand.class},
    footer = {
      "%nExamples:",
      "  trafficctl rejected list",
      "  trafficctl rejected retry --reason refused_by_postgres --plan"
    })
public final class RejectedCommand {}
