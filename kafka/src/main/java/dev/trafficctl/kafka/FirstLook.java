package dev.trafficctl.kafka;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;

/**
 * Looks at who answers where Kafka is said to be, before a Kafka client connects to it. A client
 * takes the first four bytes of any answer for a length and allocates as much, without a limit:
 * {@code HTTP} is 1.2 GB, which ends the whole process where so much memory is not there.
 */
public final class FirstLook {
  private static final int CONNECT_MILLIS = 1_000;
  // A broker that is busy may take its time. What reads lines answers at once.
  private static final int ANSWER_MILLIS = 5_000;
  private static final int OTHERS_MILLIS = 1_000;
  private static final int MOST_AT_ONCE = 32;

  private final FirstQuestion first;
  private final FirstQuestion behind;

  private FirstLook(FirstQuestion first, FirstQuestion behind) {
    this.first = first;
    this.behind = behind;
  }

  /** Who answered at an address. */
  private record Seen(Endpoint at, FirstAnswer answer) {
    boolean is(FirstAnswer.Kind kind) {
      return answer.kind() == kind;
    }
  }

  /**
   * Looks at every address that a client with these properties would connect to: the bootstrap
   * servers, and those that the brokers there name. Behind SASL no broker names them before the
   * sign-in. For that of SASL_SSL with PLAIN the client's credentials are sent, once TLS has proved
   * who is there, as the client itself does; with other mechanisms, and without TLS, the bootstrap
   * servers alone are looked at. A broker that refuses the credentials is left to the client, which
   * says so.
   *
   * <p>None of them may be something else than a broker. Where nobody answers at the bootstrap
   * servers, or says nothing, a client is left to wait for them, and to say so: nothing that is
   * asked here does harm to a broker, and it may be one that is busy. It takes a connection (at
   * most 1 s) and two answers (at most 5 s each; with a sign-in four) of each, all at once, and
   * where one has proved to be a broker at most 1 s more of the others. Who ends a connection
   * instead of speaking TLS is asked once more, without TLS and without a secret, for its name.
   *
   * @param client the properties of a Kafka client
   * @return whether a broker has answered
   * @throws NotKafkaException when something else answers, or no broker that is named
   */
  public static boolean before(Map<?, ?> client) {
    Map<String, Object> values;
    String protocol;
    Tls tls;
    try {
      values = AdminClientConfig.configDef().parse(client);
      protocol = String.valueOf(values.get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG));
      tls = protocol.endsWith("SSL") ? new Tls(values) : null;
    } catch (KafkaException e) {
      // The client refuses these properties too, and says why.
      return false;
    }
    boolean sasl = protocol.startsWith("SASL");
    SignIn signIn = sasl && tls != null ? SignIn.of(values).orElse(null) : null;
    return new FirstLook(
            new FirstQuestion(tls, !sasl || signIn != null, signIn, CONNECT_MILLIS, ANSWER_MILLIS),
            new FirstQuestion(tls, false, null, CONNECT_MILLIS, ANSWER_MILLIS))
        .look(Endpoint.of(values.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)));
  }

  private boolean look(List<Endpoint> bootstrap) {
    List<Seen> servers = ask(bootstrap, first);
    servers.forEach(seen -> refuse(seen, FirstAnswer.Kind.OTHER, ""));
    List<Seen> brokers = servers.stream().filter(seen -> seen.is(FirstAnswer.Kind.KAFKA)).toList();
    if (brokers.isEmpty() && servers.stream().allMatch(seen -> seen.is(FirstAnswer.Kind.CLOSED))) {
      servers.forEach(seen -> refuse(seen, FirstAnswer.Kind.CLOSED, ""));
    }
    for (Seen broker : brokers) {
      lookBehind(broker, bootstrap);
    }
    return !brokers.isEmpty();
  }

  /** Looks at where a broker sends its clients. */
  private void lookBehind(Seen broker, Collection<Endpoint> known) {
    Set<Endpoint> named = new LinkedHashSet<>(broker.answer().brokers());
    boolean reachable = named.removeAll(known) || named.isEmpty();
    List<Seen> others = ask(named, behind);
    String sends = " sends its clients on to ";
    others.forEach(seen -> refuse(seen, FirstAnswer.Kind.OTHER, broker.at() + sends));
    if (!reachable && others.stream().noneMatch(seen -> seen.is(FirstAnswer.Kind.KAFKA))) {
      for (FirstAnswer.Kind kind : List.of(FirstAnswer.Kind.CLOSED, FirstAnswer.Kind.NOBODY)) {
        others.forEach(seen -> refuse(seen, kind, broker.at() + sends));
      }
    }
  }

  private static void refuse(Seen seen, FirstAnswer.Kind kind, String whoSends) {
    if (seen.is(kind)) {
      throw new NotKafkaException(
          whoSends.isEmpty()
              ? seen.at() + " " + seen.answer().words()
              : whoSends + seen.at() + " (advertised.listeners), which " + seen.answer().words());
    }
  }

  private static List<Seen> ask(Collection<Endpoint> endpoints, FirstQuestion question) {
    List<Seen> seen = new ArrayList<>();
    if (endpoints.isEmpty()) {
      return seen;
    }
    ExecutorService pool =
        Executors.newFixedThreadPool(Math.min(endpoints.size(), MOST_AT_ONCE), FirstLook::daemon);
    try {
      CompletionService<Seen> answers = new ExecutorCompletionService<>(pool);
      endpoints.forEach(
          endpoint -> answers.submit(() -> new Seen(endpoint, ask(endpoint, question))));
      long deadline = Long.MAX_VALUE;
      while (seen.size() < endpoints.size()) {
        Future<Seen> next =
            deadline == Long.MAX_VALUE
                ? answers.take()
                : answers.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (next == null) {
          break;
        }
        seen.add(next.get());
        if (deadline == Long.MAX_VALUE && next.get().is(FirstAnswer.Kind.KAFKA)) {
          deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(OTHERS_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
    return seen;
  }

  /** As a client does: the next address of a host only where the one before is of no use. */
  private static FirstAnswer ask(Endpoint endpoint, FirstQuestion question) {
    FirstAnswer answer = null;
    try {
      for (InetAddress address : InetAddress.getAllByName(endpoint.host())) {
        FirstAnswer here = question.ask(address, endpoint);
        if (here.kind().compareTo(FirstAnswer.Kind.OTHER) <= 0) {
          return here;
        }
        answer = answer == null ? here : answer;
      }
      return answer;
    } catch (UnknownHostException e) {
      return FirstAnswer.of(FirstAnswer.Kind.NOBODY, "is unknown here");
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "kafka-first-look");
    thread.setDaemon(true);
    return thread;
  }
}
