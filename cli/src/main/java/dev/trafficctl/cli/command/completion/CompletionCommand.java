package dev.trafficctl.cli.command.completion;

import dev.trafficctl.cli.documentation.Completion;
import dev.trafficctl.cli.documentation.Shell;
import dev.trafficctl.cli.process.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trafficctl completion}. */
@Command(
    name = "completion",
    description = {
      "Prints the script with which a shell completes commands, options, values, and the names of"
          + " jobs, contexts and operations.",
      "The names come from the cluster that the words typed so far mean."
    },
    footer = {
      "%nExamples:",
      "  trafficctl completion zsh > \"$${fpath[1]}/_trafficctl\"",
      "  trafficctl completion fish > ~/.config/fish/completions/trafficctl.fish",
      "  source <(trafficctl completion bash)"
    })
public final class CompletionCommand implements Runnable {
  private final Environment environment;
  @Spec CommandSpec command;

  @Parameters(paramLabel = "bash|zsh|fish", description = "The shell.")
  Shell shell;

  CompletionCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    environment.out().print(Completion.script(command.root().commandLine(), shell));
  }
}
