package dev.trafficctl.cli.documentation;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.ArgSpec;

/**
 * What can stand in the place of an option's value, or of a parameter.
 *
 * @param kind where they come from
 * @param words the values, if it is known beforehand what they are; in lower case
 */
record Values(Kind kind, List<String> words) {
  /** Where values come from. */
  enum Kind {
    /** An option without a value. */
    NONE,
    /** Nobody can tell. */
    ANY,
    /** A list that is known beforehand. */
    WORDS,
    FILES,
    DIRECTORIES,
    /** The names of the jobs that Flink knows. */
    JOBS,
    /** The names of the contexts. */
    CONTEXTS,
    /** The ids of the operations in the journal. */
    OPERATIONS;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static final Values NONE = new Values(Kind.NONE, List.of());

  /** As type and label tell. */
  static Values of(ArgSpec argument) {
    if (argument.arity().max() == 0) {
      return NONE;
    }
    Class<?> type = argument.typeInfo().getType();
    if (type.isEnum()) {
      return words(
          Arrays.stream(type.getEnumConstants())
              .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
              .toList());
    }
    List<String> choices =
        Arrays.stream(argument.paramLabel().split("\\|")).filter(Values::isLiteral).toList();
    return choices.isEmpty() ? new Values(kind(argument, type), List.of()) : words(choices);
  }

  private static Values words(List<String> words) {
    return new Values(Kind.WORDS, words);
  }

  private static boolean isLiteral(String choice) {
    return choice.matches("[a-z][a-z_-]*");
  }

  private static Kind kind(ArgSpec argument, Class<?> type) {
    return switch (argument.paramLabel()) {
      case "JOB", "JOBNAME" -> Kind.JOBS;
      case "CONTEXT" -> Kind.CONTEXTS;
      case "OPERATION" -> Kind.OPERATIONS;
      case "DIR" -> Kind.DIRECTORIES;
      case "FILE", "PATH" -> Kind.FILES;
      default -> type == Path.class ? Kind.FILES : Kind.ANY;
    };
  }
}
