package dev.trafficctl.cli.command;

import dev.trafficctl.cli.Environment;
import dev.trafficctl.cli.ExitCode;
import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.context.Destination;
import dev.trafficctl.cli.journal.JobLock;
import dev.trafficctl.cli.kafka.EventLog;
import dev.trafficctl.cli.kafka.JobTopic;
import dev.trafficctl.cli.operation.Restart;
import dev.trafficctl.cli.operation.RestartPlan;
import dev.trafficctl.cli.operation.RestartPlanner;
import dev.trafficctl.cli.operation.RestartRequest;
import dev.trafficctl.cli.operation.Result;
import dev.trafficctl.cli.operation.Session;
import dev.trafficctl.cli.operation.Settle;
import dev.trafficctl.model.Settings;

/** The way that a command goes which starts a job again. */
final class Restarting {
  private final Environment environment;
  private final ChangeOptions options;

  Restarting(Environment environment, ChangeOptions options) {
    this.environment = environment;
    this.options = options;
  }

  /**
   * Restarts the job that is meant: lock, settle what is open, plan, ask for confirmation, do it,
   * show what came of it.
   *
   * @return the exit code
   */
  int run(Cluster on, RestartRequest asked) {
    Comeback comeback = new Comeback(environment.err());
    Session session = Session.of(on, environment, options.timeout.timeout, comeback);
    RestartPlanner finder = new RestartPlanner(session, settings -> topic(on, settings, asked));
    String name = finder.jobName(asked);
    RestartRequest request = finder.known(asked, name);
    RestartPlanner planner = new RestartPlanner(session, settings -> topic(on, settings, request));
    if (options.plan) {
      RestartView.print(
          planner.plan(request, name), on.shown(), options.output.format, environment.out());
      return ExitCode.DONE.number();
    }
    try (JobLock lock = session.journal().lock(on.flink().address(), name, Restart.VERB)) {
      new Settle(session).before(lock);
      RestartPlan ready = planner.plan(request, name);
      RestartView.print(ready, on.shown(), environment.err());
      options.confirmation.confirm(on, name, "restart the job " + name);
      Result result =
          Interruption.call(
              comeback::interrupted, () -> new Restart(session, planner).run(lock, ready, request));
      ResultView.tell(result, environment);
      RestartView.print(result, ready.partitions(), options.output.format, environment.out());
      return result.outcome().number();
    }
  }

  /** By the address that the cluster has for its Kafka, unless the new job's is named. */
  private static EventLog topic(Cluster cluster, Settings settings, RestartRequest request) {
    boolean asRequested =
        request.namesKafka() || (cluster.kafkaUrl() == null && request.kafka().isPresent());
    return JobTopic.of(
            settings,
            asRequested
                ? Destination.named(settings.kafkaUrl(), cluster.environment())
                : cluster.kafka(settings),
            cluster.kafkaProperties())
        .open();
  }
}
