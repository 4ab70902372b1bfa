package dev.trafficctl.cli.command;

import picocli.CommandLine.Command;

/** {@code trafficctl context}. */
@Command(
    name = "context",
    description = {
      "Named clusters, kept in $XDG_CONFIG_HOME/trafficctl/config.yaml (default"
          + " ~/.config/trafficctl/config.yaml).",
      "Which cluster a command means, the first that is given: --flink, --context, FLINK_URL,"
          + " TRAFFICCTL_CONTEXT, the current context, the local stack. An address that a context"
          + " has means that context. The context local is built in: it is the local stack."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ContextDeleteCommand.class,
      ContextListCommand.class,
      ContextSetCommand.class,
      ContextShowCommand.class,
      ContextUseCommand.class
    })
public final class ContextCommand {}
