package dev.trafficctl.cli.journal;

import dev.trafficctl.cli.flink.JobId;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was asked for.
 *
 * @param verb the command, such as {@code savepoint}; letters and hyphens only
 * @param flink the address of Flink's REST API, as {@code FlinkClient.address()} gives it
 * @param context the name of the context, or null
 * @param jobId the job that it is done to, or null if there is none yet
 * @param job the name of the job
 * @param options what was asked in detail, such as the trigger id and the target directory; never a
 *     secret
 */
public record Asked(
    String verb,
    String flink,
    String context,
    JobId jobId,
    String job,
    Map<String, String> options) {
  /** Keeps a copy of the options. */
  public Asked {
    options = Collections.unmodifiableMap(new TreeMap<>(options));
  }

  /** Whether it was asked of this job on this cluster. */
  public boolean isOf(String flinkAddress, String jobName) {
    return flink.equals(flinkAddress) && job.equals(jobName);
  }
}
