package dev.trafficctl.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rule that no secret is an argument: it would be read by whoever lists processes, and from
 * there go into journals, job graphs, REST answers and logs (issue 11). No word of this class
 * repeats a value.
 */
public final class SecretArguments {
  /** What is said of a name that stands for a secret. */
  static final String NEVER =
      "a secret is never an argument; set "
          + List.of(Secret.values())
          + " in the environment of the Flink processes";

  /** Addresses, in which nothing but a user or a password stands before an at sign. */
  private static final Set<String> ADDRESSES =
      Set.of("kafka-url", "postgres-url", "flink", "flink-url");

  private static final Pattern OPTION =
      Pattern.compile("--(?<name>[A-Za-z][A-Za-z0-9._-]*)(?<rest>.*)", Pattern.DOTALL);
  private static final Pattern ASSIGNMENT =
      Pattern.compile("(?<name>[A-Za-z_][A-Za-z0-9._-]*)=(?<value>.*)", Pattern.DOTALL);
  private static final Pattern PARAMETER = Pattern.compile("[?&;]([A-Za-z0-9._-]+)=");
  // RFC 3986, section 3.2.1: user information is part of the authority.
  private static final Pattern USER_INFORMATION = Pattern.compile("://[^/?#@\\s]*:[^/?#\\s]*@");

  private SecretArguments() {}

  /**
   * What is wrong with the first of these arguments that holds a secret, in one line without it.
   *
   * @param arguments a command line, or a job's settings: {@code --name value}, {@code
   *     --name=value}, and {@code NAME=VALUE} as {@code --set} takes it
   */
  public static Optional<String> problem(List<String> arguments) {
    String before = null;
    for (String argument : arguments) {
      Matcher option = OPTION.matcher(argument);
      Optional<String> problem;
      if (option.matches()) {
        String name = option.group("name");
        String rest = option.group("rest");
        problem =
            isSecret(name)
                ? Optional.of("--" + name + ": " + NEVER)
                : rest.startsWith("=")
                    ? value("--" + name, name, rest.substring(1))
                    : Optional.empty();
        before = rest.isEmpty() ? name : null;
      } else {
        problem = value(before == null ? "an argument" : "--" + before, before, argument);
        before = null;
      }
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> value(String shown, String name, String value) {
    Matcher assignment = ASSIGNMENT.matcher(value);
    if (assignment.matches()) {
      String assigned = assignment.group("name");
      return isSecret(assigned)
          ? Optional.of(shown + " " + assigned + ": " + NEVER)
          : value(shown + " " + assigned, assigned, assignment.group("value"));
    }
    return problem(name, value).map(problem -> shown + ": " + problem);
  }

  /** Whether a name, of an option, a variable or a property, is that of a secret itself. */
  static boolean isSecret(String name) {
    String lower = name.toLowerCase(Locale.ROOT).replace('_', '-');
    // A place where the secret is, and the key's file of a certificate.
    boolean place = lower.endsWith("-file") || lower.endsWith("-env");
    return !place
        && !lower.equals("flink-client-key")
        && (lower.contains("secret")
            || lower.contains("password")
            || lower.contains("passphrase")
            || lower.contains("jaas")
            || lower.contains("token")
            || lower.endsWith("-key")
            || lower.endsWith(".key"));
  }

  /**
   * What is wrong with a value that holds a secret, or could hold one, without it.
   *
   * @param name the name of its setting without dashes, or null
   */
  static Optional<String> problem(String name, String value) {
    return holds(name, value) ? Optional.of(words(name)) : JdbcParameters.problem(value);
  }

  private static boolean holds(String name, String value) {
    String setting = name == null ? "" : name.toLowerCase(Locale.ROOT).replace('_', '-');
    if (setting.equals(Setting.FILTER.argument())) {
      // Patterns of a filter are those of addresses that others ask for.
      return false;
    }
    if (ADDRESSES.contains(setting) && value.contains("@")
        || USER_INFORMATION.matcher(value).find()) {
      return true;
    }
    return PARAMETER.matcher(value).results().anyMatch(found -> isSecret(found.group(1)));
  }

  /** What is said of a value that holds a password. */
  private static String words(String name) {
    String setting = name == null ? "" : name.toLowerCase(Locale.ROOT).replace('_', '-');
    String inEnvironment = " in the environment of the Flink processes";
    return switch (setting) {
      case "postgres-url" ->
          "has a password in it; take it out and set " + Secret.POSTGRES_PASSWORD + inEnvironment;
      case "kafka-url" ->
          "has a user or a password in it; take them out and set "
              + Secret.KAFKA_WEB_TRAFFIC_KEY
              + " and "
              + Secret.KAFKA_WEB_TRAFFIC_SECRET
              + inEnvironment;
      case "flink", "flink-url" ->
          "has a user or a password in it; take them out and give them to a context: trafficctl"
              + " context set --help";
      default -> "has a password in it, and a secret is never an argument; take it out";
    };
  }
}
