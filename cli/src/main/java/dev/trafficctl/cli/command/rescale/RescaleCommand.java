package dev.trafficctl.cli.command.rescale;

import dev.trafficctl.cli.command.change.ChangeOptions;
import dev.trafficctl.cli.command.option.JobJar;
import dev.trafficctl.cli.command.option.ParallelismConverter;
import dev.trafficctl.cli.command.option.SlotsOption;
import dev.trafficctl.cli.command.restart.RestartView;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.JobSummary;
import dev.trafficctl.cli.operation.rescale.Rescale;
import dev.trafficctl.cli.operation.restart.From;
import dev.trafficctl.cli.operation.restart.Restart;
import dev.trafficctl.cli.operation.restart.RestartRequest;
import dev.trafficctl.cli.process.Environment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trafficctl rescale}. */
@Command(
    name = "rescale",
    description = {
      "Changes the parallelism of a job that runs.",
      "With Flink's adaptive scheduler the job is told so and goes on from its newest checkpoint;"
          + " with another it is stopped with a savepoint and started from it, as trafficctl"
          + " restart --parallelism does. --plan says which."
    },
    footer = {"%nExample:", "  trafficctl rescale traffic --parallelism 4 --plan"})
public final class RescaleCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin ChangeOptions change;
  @Mixin SlotsOption slots;

  @Option(
      names = "--parallelism",
      converter = ParallelismConverter.class,
      required = true,
      paramLabel = "N",
      description = "The new parallelism, at most the job's max parallelism.")
  int parallelism;

  RescaleCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Cluster on = change.cluster().cluster();
    JobSummary job = change.job().finder(on).live();
    if (on.flink().parallelismBounds(job.id()).isPresent()) {
      return change.run(
          Rescale.VERB,
          (session, live) -> new Rescale(session).prepare(live, parallelism, slots.allowed()));
    }
    environment
        .err()
        .println(
            "the scheduler of this cluster cannot change the parallelism of a job that runs: it is"
                + " restarted");
    RestartRequest request =
        new RestartRequest(
            job.id().text(),
            new From.WhereItStands(),
            parallelism,
            Map.of(),
            List.of(),
            JobJar.of(environment.installation()),
            false,
            false,
            false,
            slots.allowed(),
            null,
            change.cluster().flags());
    return change.run(
        on,
        new RestartView(environment, change.format()),
        session -> new Restart(session, request));
  }
}
