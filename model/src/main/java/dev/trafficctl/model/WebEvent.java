package dev.trafficctl.model;

import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Objects;

/**
 * One request to a web site, as read from the value of a Kafka record.
 *
 * @param ip the client's address in network byte order: 4 bytes for IPv4, 16 for IPv6
 * @param eventTimeMicros when the request happened, in microseconds since 1970-01-01T00:00:00Z
 * @param referrer the page that led here, or null if the event has none
 * @param host the host name that was asked for, as sent
 * @param url what was asked for, as sent: a path with its query, or an absolute URL
 * @param geodata where the client is, as a JSON object made from the event's geographic headers, or
 *     null if it has none
 * @param userAgent the client's User-Agent header, or null if the event has none
 */
public record WebEvent(
    byte[] ip,
    long eventTimeMicros,
    String referrer,
    String host,
    String url,
    String geodata,
    String userAgent)
    implements ParseResult {

  /** When the request happened. */
  public Instant eventTime() {
    return Instant.EPOCH.plus(eventTimeMicros, ChronoUnit.MICROS);
  }

  /** Whether all parts are equal, the address byte by byte. */
  @Override
  public boolean equals(Object other) {
    return other instanceof WebEvent event
        && Arrays.equals(ip, event.ip)
        && eventTimeMicros == event.eventTimeMicros
        && Objects.equals(referrer, event.referrer)
        && Objects.equals(host, event.host)
        && Objects.equals(url, event.url)
        && Objects.equals(geodata, event.geodata)
        && Objects.equals(userAgent, event.userAgent);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        Arrays.hashCode(ip), eventTimeMicros, referrer, host, url, geodata, userAgent);
  }

  @Override
  public String toString() {
    return "WebEvent[ip="
        + new IPAddressGenerator().from(ip).toCanonicalString()
        + ", eventTime="
        + eventTime()
        + ", referrer="
        + referrer
        + ", host="
        + host
        + ", url="
        + url
        + ", geodata="
        + geodata
        + ", userAgent="
        + userAgent
        + "]";
  }
}
