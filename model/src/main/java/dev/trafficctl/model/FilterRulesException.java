package dev.trafficctl.model;

import java.util.List;

/**
 * A filter document that cannot be used. The message has one line for each problem found, in the
 * order of the document: where it is, what is wrong, and what to write instead.
 */
public final class FilterRulesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FilterRulesException(List<String> problems) {
    super(String.join("\n", problems));
  }
}
