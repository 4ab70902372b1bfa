package dev.trafficctl.job;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.ExecutionConfig.GlobalJobParameters;

/**
 * What the job says of itself: enough for somebody on another machine to start it again. It is
 * registered as the job's global parameters, which {@code /jobs/:id/config} shows as {@code
 * execution-config.user-config}. No secret is in it.
 */
final class JobDescription extends GlobalJobParameters {
  private static final long serialVersionUID = 1L;

  private final TreeMap<String, String> entries;

  JobDescription(Map<String, String> entries) {
    this.entries = new TreeMap<>(entries);
  }

  @Override
  public Map<String, String> toMap() {
    return entries;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JobDescription description && entries.equals(description.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }
}
