package dev.trafficctl.cli.flink;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import okhttp3.HttpUrl;

/**
 * The endpoints of Flink's REST API for metrics. They throw what those of {@link FlinkClient}
 * throw.
 */
public final class MetricsClient {
  // Flink's server takes no request line of more than 4,096 characters.
  private static final int LONGEST_QUERY = 3_500;

  private final RestCalls rest;

  MetricsClient(RestCalls rest) {
    this.rest = rest;
  }

  /**
   * {@code GET /jobs/:id/vertices/:vid/subtasks/metrics}: the sums, over all subtasks, of those
   * metrics whose name is wanted. Names are as {@code filter.read}: operator, then metric. Flink
   * renews them every {@code metrics.fetcher.update-interval}, 10 s by default.
   */
  public Map<String, Long> sums(JobId id, JobVertex vertex, Predicate<String> wanted) {
    List<String> names = new ArrayList<>();
    for (Body metric : rest.list(rest.vertex(id, vertex).addPathSegments("subtasks/metrics"))) {
      String name = metric.text("id");
      if (wanted.test(name)) {
        names.add(name);
      }
    }
    Map<String, Long> sums = new TreeMap<>();
    if (!names.isEmpty()) {
      HttpUrl.Builder url =
          rest.vertex(id, vertex)
              .addPathSegments("subtasks/metrics")
              .addQueryParameter("get", String.join(",", names))
              .addQueryParameter("agg", "sum");
      for (Body metric : rest.list(url)) {
        sums.put(metric.text("id"), Math.round(metric.share("sum")));
      }
    }
    return sums;
  }

  /**
   * {@code GET /jobs/:id/vertices/:vid/metrics}: the names of those metrics of the source, as
   * {@code subtask.operator.metric}, that tell of a topic. Flink begins to look for them, and for
   * their values, when it is asked; a question some 100 ms later finds what is new.
   */
  public List<String> sourceMetricNames(JobId id, JobVertex vertex, String topic) {
    List<String> names = new ArrayList<>();
    for (Body metric : rest.list(rest.vertex(id, vertex).addPathSegment("metrics"))) {
      String name = metric.text("id");
      if (SourceMetrics.isOne(name, topic)) {
        names.add(name);
      }
    }
    return names;
  }

  /** {@code GET /jobs/:id/vertices/:vid/metrics?get=...}: the values of metrics of the source. */
  public SourceMetrics sourceMetrics(JobId id, JobVertex vertex, List<String> names) {
    Map<String, String> values = new TreeMap<>();
    int from = 0;
    while (from < names.size()) {
      int length = 0;
      int to = from;
      while (to < names.size() && (to == from || length + names.get(to).length() < LONGEST_QUERY)) {
        // A comma is three characters in a URL.
        length += names.get(to).length() + 3;
        to++;
      }
      HttpUrl.Builder url =
          rest.vertex(id, vertex)
              .addPathSegment("metrics")
              .addQueryParameter("get", String.join(",", names.subList(from, to)));
      for (Body metric : rest.list(url)) {
        metric.optionalText("value").ifPresent(value -> values.put(metric.text("id"), value));
      }
      from = to;
    }
    return SourceMetrics.of(values);
  }

  /**
   * {@code GET /jobs/:id/metrics?get=numRestarts}: how often the job was restarted by Flink since
   * it was started on this JobManager, or nothing while Flink does not know: it begins to look
   * after the first question, and renews the number every {@code metrics.fetcher.update-interval}.
   */
  public OptionalLong restarts(JobId id) {
    HttpUrl.Builder url =
        rest.job(id.text()).addPathSegment("metrics").addQueryParameter("get", "numRestarts");
    for (Body metric : rest.list(url)) {
      String value = metric.optionalText("value").orElse("");
      if (metric.text("id").equals("numRestarts") && value.matches("\\d{1,18}")) {
        return OptionalLong.of(Long.parseLong(value));
      }
    }
    return OptionalLong.empty();
  }

  /** What the traffic job has counted, of all its vertices together. */
  public JobCounters counters(JobDetails job) {
    Map<String, Long> all = new TreeMap<>();
    for (JobVertex vertex : job.vertices()) {
      sums(job.id(), vertex, JobCounters::isOne)
          .forEach((name, sum) -> all.merge(name, sum, Long::sum));
    }
    return JobCounters.of(all);
  }

  /**
   * What became of the last minute's events: one question {@code GET
   * /jobs/:id/vertices/:vid/subtasks/metrics?get=...} for each vertex that holds the filter or the
   * writer, at once. Flink answers with what it gathered last.
   *
   * @return nothing if the job does not measure it, or Flink does not tell yet
   */
  public Optional<LastMinute> lastMinute(JobDetails job) {
    List<CompletableFuture<List<Body>>> answers =
        job.vertices().stream()
            .filter(vertex -> vertex.name().contains("filter") || vertex.name().contains("write"))
            .map(vertex -> Question.ask(() -> rates(job.id(), vertex)))
            .toList();
    Map<String, Double> sums = new TreeMap<>();
    Map<String, Double> highest = new TreeMap<>();
    for (CompletableFuture<List<Body>> answer : answers) {
      for (Body metric : Question.answer(answer)) {
        sums.merge(metric.text("id"), metric.share("sum"), Double::sum);
        highest.merge(metric.text("id"), metric.share("max"), Math::max);
      }
    }
    return LastMinute.of(sums, highest);
  }

  private List<Body> rates(JobId id, JobVertex vertex) {
    try {
      return rest.list(
          rest.vertex(id, vertex)
              .addPathSegments("subtasks/metrics")
              .addQueryParameter("get", String.join(",", LastMinute.names()))
              .addQueryParameter("agg", "sum,max"));
    } catch (FlinkErrorException e) {
      if (e.status() == 404) {
        return List.of();
      }
      throw e;
    }
  }
}
