package dev.trafficctl.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Which events nobody cares about, as one YAML document says it. Immutable.
 *
 * <p>The document has up to four sections: {@code hosts} (which hosts to keep), {@code paths},
 * {@code user-agents} and {@code networks} (named rules that drop). A section that is missing or
 * empty drops nothing, and so does an empty document. {@code filter.yaml} beside this class is the
 * document of the {@linkplain #defaults() defaults}, and explains the patterns.
 */
public final class FilterRules {
  /** The name under which events for a host that is not to be kept are dropped. */
  public static final String OTHER_HOSTS = "other-hosts";

  /** The largest document that is read, in bytes of UTF-8. */
  public static final int LARGEST_DOCUMENT = 256 * 1024;

  private static final String DEFAULTS = "filter.yaml";

  private final List<String> names;
  private final HostPatterns keptHosts;
  private final PathPatterns paths;
  private final UserAgentPatterns userAgents;
  private final NetworkPatterns networks;

  FilterRules(
      List<String> names,
      HostPatterns keptHosts,
      PathPatterns paths,
      UserAgentPatterns userAgents,
      NetworkPatterns networks) {
    this.names = List.copyOf(names);
    this.keptHosts = keptHosts;
    this.paths = paths;
    this.userAgents = userAgents;
    this.networks = networks;
  }

  /** The rules of {@link #defaultDocument()}. */
  public static FilterRules defaults() {
    return parse(defaultDocument());
  }

  /** The YAML document that is used where a user gives none, with comments for that user. */
  public static String defaultDocument() {
    try (InputStream document = FilterRules.class.getResourceAsStream(DEFAULTS)) {
      return new String(document.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a document.
   *
   * @param yaml the document, at most {@link #LARGEST_DOCUMENT} bytes
   * @throws FilterRulesException if anything in it is wrong; the message has all of it
   */
  public static FilterRules parse(String yaml) {
    return new FilterRulesReader().read(yaml);
  }

  /** The hosts to keep, or null to keep all. */
  HostPatterns keptHosts() {
    return keptHosts;
  }

  PathPatterns paths() {
    return paths;
  }

  UserAgentPatterns userAgents() {
    return userAgents;
  }

  NetworkPatterns networks() {
    return networks;
  }

  /**
   * The names of the rules in the order in which they are tried: {@link #OTHER_HOSTS} if the hosts
   * to keep are given, then those for paths, user agents and networks, each section in the order of
   * the document.
   */
  public List<String> names() {
    return names;
  }
}
