package dev.trafficctl.cli.flink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.output.Text;
import dev.trafficctl.cli.process.CommandException;
import dev.trafficctl.cli.process.ExitCode;
import dev.trafficctl.cli.process.NextCommands;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLHandshakeException;
import okhttp3.Call;
import okhttp3.ConnectionSpec;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;

/**
 * The one place where requests to Flink are carried out and failures get their words. No change is
 * sent twice, no redirect is followed, and no answer is waited for, or read, without end.
 */
final class FlinkHttp {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  // A job with hundreds of subtasks answers with a few megabytes. What is made of an answer takes
  // several times its length, and more than one may be read at once.
  private static final int LARGEST_BODY = 16 * 1024 * 1024;
  private static final int MOST_TOKENS = 1_000_000;
  private static final int DEEPEST = 100;
  private static final int LONGEST_STRING = 4 * 1024 * 1024;
  private static final int LONGEST_HEADER = 200;
  private static final int LONGEST_TAIL = 8 * 1024 * 1024;
  private static final int CHUNK = 64 * 1024;

  private final FlinkConnection connection;
  private final NextCommands next;
  private final HttpUrl base;
  private final OkHttpClient client;
  private final LongSupplier nanoTime;
  private final JsonMapper json = new JsonMapper(bounded());

  /**
   * With how Flink is reached, and what is recommended when it is not.
   *
   * @throws CommandException when a file with certificates cannot be used
   */
  FlinkHttp(FlinkConnection connection, NextCommands next) {
    this(connection, next, System::nanoTime);
  }

  /** The same, with what measures how long a request has taken so far. */
  FlinkHttp(FlinkConnection connection, NextCommands next, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.connection = connection;
    this.next = next;
    this.base = connection.address();
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .protocols(List.of(Protocol.HTTP_1_1))
            .connectTimeout(CONNECT)
            // okhttp would send a POST, PATCH or DELETE again as well.
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            .followSslRedirects(false)
            // okhttp sends a request again when a 503 says "Retry-After: 0", a POST as well.
            .addNetworkInterceptor(
                chain ->
                    chain
                        .proceed(chain.request())
                        .newBuilder()
                        .removeHeader("Retry-After")
                        .build());
    if (!base.isHttps()) {
      // Otherwise okhttp reads every CA that Java trusts before it sends the first byte.
      builder.connectionSpecs(List.of(ConnectionSpec.CLEARTEXT));
    } else if (connection.tls() != null) {
      TlsClient.configure(builder, connection.tls());
    }
    if (connection.credential() != null) {
      builder.addInterceptor(
          chain ->
              chain.proceed(
                  chain
                      .request()
                      .newBuilder()
                      .header("Authorization", connection.credential().header())
                      .build()));
    }
    this.client = builder.build();
  }

  private static JsonFactory bounded() {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxDocumentLength(LARGEST_BODY)
                .maxTokenCount(MOST_TOKENS)
                .maxNestingDepth(DEEPEST)
                .maxStringLength(LONGEST_STRING)
                .build())
        .build();
  }

  HttpUrl base() {
    return base;
  }

  /**
   * Carries out a request.
   *
   * @param timeout for all of it, from the connection to the last byte of the answer, also when it
   *     is sent twice
   * @return the answer's JSON object or array
   * @throws FlinkUnreachableException when no answer comes, or none that Flink gives
   * @throws FlinkErrorException when Flink answers with an error
   */
  JsonNode call(Request request, Duration timeout) {
    try (Response response = send(request, timeout)) {
      return answer(response);
    } catch (IOException e) {
      throw unreachable(e, timeout);
    } catch (CommandException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      throw unreadable(e);
    }
  }

  /**
   * Carries out a request for a text of any length, of which only the end is kept.
   *
   * @param lines how many lines at most
   * @param timeout for all of it: Flink sends a log from its beginning, whatever is asked for
   * @throws FlinkUnreachableException when no answer comes, or none that Flink gives
   * @throws FlinkErrorException when Flink answers with an error
   */
  LogTail tail(Request request, int lines, Duration timeout) {
    try (Response response = send(request, timeout)) {
      if (!response.isSuccessful()) {
        answer(response);
      }
      Buffer end = new Buffer();
      long bytes = 0;
      for (long some = 0; some >= 0; some = response.body().source().read(end, CHUNK)) {
        bytes += some;
        end.skip(Math.max(0, end.size() - LONGEST_TAIL));
      }
      return LogTail.of(end.readUtf8(), bytes, bytes <= LONGEST_TAIL, lines);
    } catch (IOException e) {
      throw unreachable(e, timeout);
    } catch (CommandException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      throw unreadable(e);
    }
  }

  /**
   * What an answer does to the program that reads it tells nothing of what became of the request.
   */
  private FlinkUnreachableException unreadable(Throwable e) {
    return new FlinkUnreachableException(
        base
            + " answers with something that cannot be read ("
            + Text.oneLine(e)
            + "); check that this is the address of Flink's REST API",
        true,
        e);
  }

  /** Sends a request, and a read once more when the connection breaks before it is answered. */
  private Response send(Request request, Duration timeout) throws IOException {
    long began = nanoTime.getAsLong();
    try {
      return execute(timed(timeout).newCall(request));
    } catch (IOException e) {
      Duration left = timeout.minusNanos(nanoTime.getAsLong() - began);
      if (!request.method().equals("GET") || !brokeOff(e) || left.toMillis() <= 0) {
        throw e;
      }
      // A JobManager that was started anew has closed every connection that is kept open here.
      client.connectionPool().evictAll();
      return execute(timed(left).newCall(request));
    }
  }

  /** Refuses an answer whose length is none: okhttp would fail on it in words of its own. */
  private Response execute(Call call) throws IOException {
    Response response = call.execute();
    String length = response.header("Content-Length");
    if (length != null && !length.strip().matches("[0-9]{1,18}")) {
      // To close the answer would be to read it.
      call.cancel();
      throw strange("answers with the Content-Length " + Text.oneLine(length, LONGEST_HEADER));
    }
    return response;
  }

  /** Whether there was a connection, which ended, and no answer on it. */
  private static boolean brokeOff(IOException e) {
    if (e instanceof ConnectException
        || e instanceof NoRouteToHostException
        || e instanceof SSLHandshakeException) {
      return false;
    }
    return e instanceof SocketException || e.getCause() instanceof EOFException;
  }

  private OkHttpClient timed(Duration timeout) {
    return client
        .newBuilder()
        .callTimeout(timeout)
        .readTimeout(timeout)
        .writeTimeout(timeout)
        .build();
  }

  private JsonNode answer(Response response) throws IOException {
    int status = response.code();
    if (response.isRedirect()) {
      throw strange(
          "answers with a redirect to "
              + Text.oneLine(response.header("Location"), LONGEST_HEADER)
              + ", which is not followed");
    }
    JsonNode body = parse(response);
    if (response.isSuccessful()) {
      if (body == null) {
        throw strange("answers with HTTP " + status + ", but not as Flink does");
      }
      return body;
    }
    throw error(status, body);
  }

  /** The body as JSON, or null if it is something else. */
  private JsonNode parse(Response response) throws IOException {
    BufferedSource source = response.body().source();
    if (source.request(LARGEST_BODY + 1L)) {
      throw strange("answers with more than " + LARGEST_BODY / 1024 / 1024 + " MiB");
    }
    try {
      JsonNode node = json.readTree(source.inputStream());
      return node.isContainerNode() ? node : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private CommandException error(int status, JsonNode body) {
    ServerError.Cause cause = body == null ? null : ServerError.of(body).orElse(null);
    if (status == 401 || status == 403) {
      return refusesAccess(status);
    }
    if (status == 503) {
      return FlinkErrorException.inOwnWords(
          ExitCode.UNREACHABLE, "Flink at " + base + " is not ready yet; try again soon", status);
    }
    if (cause == null) {
      return strange("answers with HTTP " + status + ", but not as Flink does");
    }
    ExitCode exitCode = cause.isUnreachable() ? ExitCode.UNREACHABLE : ExitCode.FAILED;
    return cause.isOwn()
        ? FlinkErrorException.inOwnWords(exitCode, cause.text(), status)
        : FlinkErrorException.inWordsOfFlink(exitCode, cause.text(), status, base);
  }

  private FlinkUnreachableException refusesAccess(int status) {
    FlinkConnection.Credential credential = connection.credential();
    String words;
    if (credential == null) {
      words =
          " wants to know who asks (HTTP "
              + status
              + "); give its context a user or a token, see: "
              + next.explainContexts();
    } else if (status == 401) {
      words =
          " does not accept the "
              + credential.shown()
              + " (HTTP 401); check where the context gets it from: "
              + next.showContext();
    } else {
      words =
          " does not allow this to the context's "
              + credential.shown()
              + " (HTTP 403); ask who runs it for the right";
    }
    return new FlinkUnreachableException(base + words, false, null);
  }

  /** What is thrown when an answer with HTTP 200 is not what Flink answers, with what is wrong. */
  FlinkUnreachableException notFlink(String why) {
    return strange("answers with HTTP 200, but not as Flink does (" + why + ")");
  }

  private FlinkUnreachableException strange(String what) {
    return new FlinkUnreachableException(
        base + " " + what + "; check that this is the address of Flink's REST API", true, null);
  }

  private FlinkUnreachableException unreachable(IOException e, Duration timeout) {
    ConnectionProblem problem = ConnectionProblem.of(e, connection, next, CONNECT, timeout);
    return new FlinkUnreachableException(
        "cannot reach Flink at " + base + ": " + problem.what() + "; " + problem.advice(),
        problem.mayHaveArrived(),
        e);
  }
}
