package dev.trafficctl.cli.command.local;

import picocli.CommandLine.Command;

/** {@code trafficctl local}. */
@Command(
    name = "local",
    description =
        "A laptop-sized production: Kafka, Postgres and Flink as processes of this machine.",
    footer = {"%nExamples:", "  trafficctl local up", "  trafficctl local status"},
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      LocalUpCommand.class,
      LocalDownCommand.class,
      LocalStatusCommand.class,
      LocalLogsCommand.class,
      LocalTrafficCommand.class
    })
public final class LocalCommand {}
