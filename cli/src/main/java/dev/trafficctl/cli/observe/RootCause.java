package dev.trafficctl.cli.observe;

import dev.trafficctl.cli.flink.JobFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why a job failed, once or several times.
 *
 * @param newest the newest failure with this cause
 * @param count how many there are
 * @param first when the first of those happened
 */
public record RootCause(JobFailure newest, int count, Instant first) {

  /** The failures with equal causes taken together, the one that happened last first. */
  public static List<RootCause> of(List<JobFailure> failures) {
    Map<String, RootCause> causes = new LinkedHashMap<>();
    for (JobFailure failure : failures) {
      causes.merge(failure.cause(), new RootCause(failure, 1, failure.at()), RootCause::together);
    }
    List<RootCause> newestFirst = new ArrayList<>(causes.values());
    newestFirst.sort(Comparator.comparing((RootCause cause) -> cause.newest().at()).reversed());
    return newestFirst;
  }

  private RootCause together(RootCause other) {
    return new RootCause(
        newest.at().isBefore(other.newest.at()) ? other.newest : newest,
        count + other.count,
        first.isBefore(other.first) ? first : other.first);
  }
}
