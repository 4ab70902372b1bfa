package dev.trafficctl.model;

import java.util.List;

/**
 * Decides which events nobody cares about. The answer depends on the event and the rules alone. Not
 * thread-safe: it remembers the hosts and user agents that it saw last.
 */
public final class EventFilter {
  /** What {@link #drops} answers for an event to keep. */
  public static final int KEEP = PatternSet.NO_RULE;

  private final List<String> rules;
  private final VerdictCache hosts;
  private final PathPatterns paths;
  private final VerdictCache userAgents;
  private final NetworkPatterns networks;

  /** A filter with these rules. */
  public EventFilter(FilterRules rules) {
    this.rules = rules.names();
    HostPatterns kept = rules.keptHosts();
    this.hosts = kept == null ? null : new VerdictCache(host -> kept.contain(host) ? KEEP : 0);
    this.paths = rules.paths();
    this.userAgents = new VerdictCache(rules.userAgents()::match);
    this.networks = rules.networks();
  }

  /** The names of the rules, in the order in which they are tried. */
  public List<String> rules() {
    return rules;
  }

  /**
   * The index in {@link #rules()} of the first rule that drops the event, or {@link #KEEP}. An
   * event without a user agent is not dropped by a rule for user agents.
   */
  public int drops(WebEvent event) {
    int rule = hosts == null ? KEEP : hosts.get(event.host());
    if (rule == KEEP) {
      rule = paths.match(event.url());
    }
    if (rule == KEEP && event.userAgent() != null) {
      rule = userAgents.get(event.userAgent());
    }
    if (rule == KEEP) {
      rule = networks.match(event.ip());
    }
    return rule;
  }
}
