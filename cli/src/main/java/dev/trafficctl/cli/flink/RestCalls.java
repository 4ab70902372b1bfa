package dev.trafficctl.cli.flink;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/** Asks Flink's REST API: where its endpoints are, and what their answers hold. */
final class RestCalls {
  private static final MediaType JSON = MediaType.get("application/json");

  private static final Duration READ = Duration.ofSeconds(10);

  private final FlinkHttp http;

  RestCalls(FlinkHttp http) {
    this.http = http;
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  Body post(HttpUrl.Builder url, ObjectNode body) {
    return post(url, body, READ);
  }

  Body post(HttpUrl.Builder url, ObjectNode body, Duration timeout) {
    return send(url, RequestBody.create(body.toString(), JSON), timeout);
  }

  void put(HttpUrl.Builder url, ObjectNode body) {
    RequestBody json = RequestBody.create(body.toString(), JSON);
    http.call(new Request.Builder().url(url.build()).put(json).build(), READ);
  }

  void patch(HttpUrl.Builder url) {
    RequestBody empty = RequestBody.create(new byte[0], JSON);
    http.call(new Request.Builder().url(url.build()).patch(empty).build(), READ);
  }

  void delete(HttpUrl.Builder url) {
    http.call(new Request.Builder().url(url.build()).delete().build(), READ);
  }

  Body send(HttpUrl.Builder url, RequestBody body, Duration timeout) {
    Request request = new Request.Builder().url(url.build()).post(body).build();
    return Body.object(http, http.call(request, timeout));
  }

  Body get(HttpUrl.Builder url) {
    return Body.object(http, http.call(new Request.Builder().url(url.build()).build(), READ));
  }

  List<Body> list(HttpUrl.Builder url) {
    return Body.array(http, http.call(new Request.Builder().url(url.build()).build(), READ));
  }

  /** The answer, or nothing when Flink says that there is no such thing. */
  Optional<Body> find(HttpUrl.Builder url) {
    try {
      return Optional.of(get(url));
    } catch (FlinkErrorException e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  HttpUrl.Builder path(String segments) {
    return http.base().newBuilder().addPathSegments(segments);
  }

  HttpUrl.Builder job(String id) {
    return path("jobs").addPathSegment(id);
  }

  HttpUrl.Builder vertex(JobId id, JobVertex vertex) {
    return job(id.text()).addPathSegment("vertices").addPathSegment(vertex.id());
  }
}
