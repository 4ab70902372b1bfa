package dev.trafficctl.cli.command.local;

import dev.trafficctl.cli.command.option.StackOption;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Progress;
import dev.trafficctl.cli.process.Environment;
import dev.trafficctl.local.LocalStack;
import dev.trafficctl.local.StackStatus;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code trafficctl local up}. */
@Command(
    name = "up",
    description = {
      "Starts Kafka, Postgres and Flink, and waits until they answer.",
      "What runs already is left as it is; a part that died is started again with its data."
    },
    footer = {"%nExample:", "  trafficctl local up --taskmanagers 2 --security sasl_ssl"})
public final class LocalUpCommand implements Runnable {
  private final Environment environment;
  @Mixin StackOption stack;
  @Mixin StackMakingOptions making;

  LocalUpCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    Progress progress = new Progress(environment.err(), environment.terminal());
    LocalStack local = stack.startable();
    AtomicBoolean started = new AtomicBoolean();
    StackStatus status =
        local.up(
            making.options(local),
            step -> {
              started.set(true);
              progress.step(step);
            });
    environment.out().tellsOfChange(stack.change());
    StackView.print(status, Format.TABLE, environment.out());
    if (started.get()) {
      environment
          .err()
          .println(
              "Flink takes jobs, which are programs, from every user of this machine that can reach "
                  + status.addresses().flink()
                  + "; other machines cannot");
    }
  }
}
