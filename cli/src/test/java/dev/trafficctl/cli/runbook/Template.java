package dev.trafficctl.cli.runbook;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of output without what differs from one run to the next: ids, times, counts and sizes are
 * replaced by what they are. White space counts as one blank, because the width of a column depends
 * on what stands in it.
 *
 * <p>Zero is no count: it stays, so that nothing is never taken for something. So does {@code 2/2},
 * which stays all of a whole, and is not {@code 1/2}.
 *
 * @param text the line with a name in angle brackets for each value
 * @param values what was replaced, in order
 */
record Template(String text, List<Value> values) {
  private static final Pattern VALUE;
  private static final String ONE_DURATION =
      "(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?(?: ?(?:ms|s|m|min|h|d))\\b";

  static {
    StringBuilder pattern = new StringBuilder();
    for (Kind kind : Kind.values()) {
      pattern.append(pattern.isEmpty() ? "" : "|");
      pattern.append("(?<").append(kind.name()).append(">").append(kind.pattern).append(")");
    }
    VALUE = Pattern.compile(pattern.toString());
  }

  /** What is replaced; the first that fits counts. */
  enum Kind {
    TIME("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?Z"),
    OPERATION("\\b[a-z]+-\\d{8}-\\d{6}-[0-9a-f]{4}\\b"),
    CHECKSUM("\\b(?:[0-9a-f]{64}|[0-9a-f]{12})\\b"),
    UUID("\\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b"),
    ID("\\b[0-9a-f]{32}\\b"),
    SAVEPOINT("\\bsavepoint-[0-9a-f]{6}-[0-9a-f]{12}\\b"),
    CHECKPOINT("\\bchk-\\d+\\b"),
    TASKMANAGER("\\b[\\w.]+:\\d+-[0-9a-f]{6}\\b"),
    SIZE("(?<![\\w.,:-])\\d[\\d,]*(?:\\.\\d+)? ?(?:B|bytes|[kKMGT]i?B)\\b"),
    DURATION("(?<![\\w.,:-])" + Template.ONE_DURATION + "(?: " + Template.ONE_DURATION + ")*"),
    SHARE("(?<![\\w.,:/-])\\d[\\d,]*(?:/| of )\\d[\\d,]*(?![\\w/])"),
    NUMBER(
        "(?<![\\w.:-])\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?(?![\\w]|\\.\\d)|(?<![\\w.:-])\\d+(?:\\.\\d+)?(?![\\w]|\\.\\d)");

    private final String pattern;

    Kind(String pattern) {
      this.pattern = pattern;
    }

    /** Whether it names a thing, so that two names are two things. */
    boolean names() {
      return switch (this) {
        case OPERATION, CHECKSUM, UUID, ID, SAVEPOINT, CHECKPOINT, TASKMANAGER -> true;
        case TIME, SIZE, DURATION, SHARE, NUMBER -> false;
      };
    }
  }

  /** A value that was replaced. */
  record Value(Kind kind, String text) {}

  static Template of(String line) {
    List<Value> values = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    Matcher matcher = VALUE.matcher(line);
    while (matcher.find()) {
      Value value = new Value(kind(matcher), matcher.group());
      matcher.appendReplacement(text, Matcher.quoteReplacement(replacement(value)));
      if (!isNothing(value.text())) {
        values.add(value);
      }
    }
    matcher.appendTail(text);
    return new Template(text.toString().strip().replaceAll("\\s+", " "), List.copyOf(values));
  }

  private static Kind kind(Matcher matcher) {
    for (Kind kind : Kind.values()) {
      if (matcher.group(kind.name()) != null) {
        return kind;
      }
    }
    throw new IllegalStateException("no group matched " + matcher.group());
  }

  private static String replacement(Value value) {
    return switch (value.kind()) {
      case TIME -> "<time>";
      case OPERATION -> value.text().substring(0, value.text().indexOf('-')) + "-<operation>";
      case CHECKSUM -> "<checksum>";
      case UUID, ID -> "<id>";
      case SAVEPOINT -> "savepoint-<id>";
      case CHECKPOINT -> "chk-<number>";
      case TASKMANAGER -> "<taskmanager>";
      case SIZE -> isNothing(value.text()) ? value.text() : "<size>";
      case DURATION -> "<duration>";
      case SHARE -> share(value.text());
      case NUMBER -> isNothing(value.text()) ? value.text() : "<number>";
    };
  }

  private static String share(String text) {
    String between = text.contains("/") ? "/" : " of ";
    String[] parts = text.split(between);
    if (parts[0].equals(parts[1])) {
      return isNothing(parts[0]) ? text : "<all>";
    }
    return (isNothing(parts[0]) ? "0" : "<number>") + between + "<number>";
  }

  /** Whether a number is zero. */
  private static boolean isNothing(String number) {
    return number.matches("0(\\.0+)?( ?([kKMGT]i?)?B| bytes)?");
  }
}
