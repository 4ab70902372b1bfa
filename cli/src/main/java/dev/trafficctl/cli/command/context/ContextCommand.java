package dev.trafficctl.cli.command.context;

import picocli.CommandLine.Command;

/** {@code trafficctl context}. */
@Command(
    name = "context",
    description = {
      "Named clusters, kept in $XDG_CONFIG_HOME/trafficctl/config.yaml (default"
          + " ~/.config/trafficctl/config.yaml).",
      "Which cluster a command means, the first that is given: --context or --flink,"
          + " TRAFFICCTL_CONTEXT, FLINK_URL, the current context, the local stack. --flink beside"
          + " --context, and FLINK_URL beside TRAFFICCTL_CONTEXT, change the context's address"
          + " alone. Any other address that a context has means that context. The context local is"
          + " built in: it is the local stack."
    },
    footer = {
      "%nExamples:",
      "  trafficctl context set staging --flink https://flink.staging.example.com",
      "  trafficctl context use staging"
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
