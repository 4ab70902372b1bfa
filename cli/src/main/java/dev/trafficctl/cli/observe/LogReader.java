package dev.trafficctl.cli.observe;

import dev.trafficctl.cli.context.Cluster;
import dev.trafficctl.cli.flink.FlinkClient;
import dev.trafficctl.cli.flink.FlinkErrorException;
import dev.trafficctl.cli.flink.JobDetails;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.flink.LogTail;
import dev.trafficctl.cli.flink.TaskManager;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads the ends of the logs of a cluster's processes. */
public final class LogReader {
  private final Cluster cluster;
  private final FlinkClient flink;
  private final String file;
  private final int lines;
  private final Duration timeout;

  /**
   * With what is to be read of each process.
   *
   * @param file the name of a log file, or null for the process's own log
   * @param lines how many of the last lines, from 1
   * @param timeout for each log
   */
  public LogReader(Cluster cluster, String file, int lines, Duration timeout) {
    this.cluster = cluster;
    this.flink = cluster.flink();
    this.file = file;
    this.lines = lines;
    this.timeout = timeout;
  }

  /**
   * The log of one process.
   *
   * @param taskManager the id of the TaskManager, or null for the JobManager
   * @param tail its end, or null if it could not be read
   * @param problem why it could not be read, or null
   */
  public record Log(String taskManager, LogTail tail, String problem) {}

  /** The log of the JobManager. */
  public Log jobManager() {
    return read(null);
  }

  /**
   * The log of a TaskManager.
   *
   * @throws CommandException when no such TaskManager is registered
   */
  public Log taskManager(String id) {
    Set<String> registered = registered();
    if (!registered.contains(id)) {
      throw new CommandException(
          ExitCode.FAILED,
          "no TaskManager '"
              + id
              + "' is registered; "
              + (registered.isEmpty()
                  ? "none is at all"
                  : "those that are: " + String.join(", ", registered)));
    }
    return read(id);
  }

  /** The logs of the JobManager and of all TaskManagers. */
  public List<Log> all() {
    List<Log> logs = new ArrayList<>();
    Set<String> registered = registered();
    logs.add(jobManager());
    registered.forEach(id -> logs.add(read(id)));
    return logs;
  }

  /** The logs of the JobManager and of those TaskManagers that run a job, or ran it last. */
  public List<Log> of(JobId id) {
    JobDetails job =
        flink
            .job(id)
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.FAILED,
                        "Flink has just forgotten the job "
                            + id
                            + "; see: "
                            + cluster.next().allJobs()));
    Set<String> registered = registered();
    Set<String> running =
        job.vertices().stream()
            .flatMap(vertex -> flink.taskManagersOf(id, vertex).stream())
            .collect(Collectors.toCollection(TreeSet::new));
    List<Log> logs = new ArrayList<>();
    logs.add(jobManager());
    for (String taskManager : running) {
      logs.add(
          registered.contains(taskManager)
              ? read(taskManager)
              : new Log(
                  taskManager, null, "it is no longer registered; its log is on its machine"));
    }
    return logs;
  }

  private Set<String> registered() {
    return flink.taskManagers().stream()
        .map(TaskManager::id)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Log read(String taskManager) {
    try {
      return new Log(
          taskManager,
          taskManager == null
              ? flink.jobManagerLog(file, lines, timeout)
              : flink.taskManagerLog(taskManager, file, lines, timeout),
          null);
    } catch (FlinkErrorException e) {
      return new Log(taskManager, null, e.getMessage());
    }
  }
}
