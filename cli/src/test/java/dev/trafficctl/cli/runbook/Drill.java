package dev.trafficctl.cli.runbook;

import java.util.Map;

/** Proves that a page helps: causes its fault, and checks afterwards what it promises. */
interface Drill {
  /** The file name of the page. */
  String page();

  /** Brings the job into the state that the page is for. Traffic flows. */
  void cause(DrillStack stack);

  /** What a person does besides typing commands, each where the page's text contains the key. */
  default Map<String, Runnable> deeds(DrillStack stack) {
    return Map.of();
  }

  /**
   * Checks what the page promises, besides this: a job named {@code traffic} runs, and no event was
   * lost or written twice.
   */
  default void check(DrillStack stack) {}

  /** Takes back what the drill has done to the stack, also when the page did not help. */
  default void undo(DrillStack stack) {}
}
