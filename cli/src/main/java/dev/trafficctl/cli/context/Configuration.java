package dev.trafficctl.cli.context;

import dev.trafficctl.cli.process.NextCommands;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * What the configuration file holds.
 *
 * @param current the name of the context that is used when none is given, or null
 * @param contexts the contexts by name, in the order of the file
 */
public record Configuration(String current, Map<String, Context> contexts) {
  /** The name of the built-in context: the local stack. */
  public static final String LOCAL = "local";

  /** A configuration; no contexts may be given as null. */
  public Configuration {
    contexts =
        contexts == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(contexts));
  }

  /** What there is before anything was configured. */
  static Configuration empty() {
    return new Configuration(null, Map.of());
  }

  /** The same with another current context, or with none if that is null. */
  public Configuration withCurrent(String name) {
    return new Configuration(name, contexts);
  }

  /**
   * The same with a context added, or put in the place of the one with its name.
   *
   * @param next what is recommended when its address holds a secret
   * @throws IllegalArgumentException with what is wrong with name or context
   */
  public Configuration with(String name, Context context, NextCommands next) {
    ContextRules.checkName(name);
    ContextRules.check(context, next);
    Map<String, Context> more = new LinkedHashMap<>(contexts);
    more.put(name, context);
    return new Configuration(current, more);
  }

  /** The same without a context. */
  public Configuration without(String name) {
    Map<String, Context> fewer = new LinkedHashMap<>(contexts);
    fewer.remove(name);
    return new Configuration(name.equals(current) ? null : current, fewer);
  }

  /** The names that can be given, in words. */
  public String known() {
    TreeSet<String> names = new TreeSet<>(contexts.keySet());
    names.add(LOCAL);
    return String.join(", ", names);
  }
}
