package dev.trafficctl.model;

/**
 * The fields of an event that was read from something else than JSON, each as its JSON string would
 * hold it, or null where the event has none. It has no headers.
 *
 * @param url what was asked for
 * @param host the host name that was asked for
 * @param ip the client's address
 * @param eventTime when the request happened
 * @param referrer the page that led here
 * @param userAgent the client's User-Agent header
 */
public record EventFields(
    String url, String host, String ip, String eventTime, String referrer, String userAgent) {}
