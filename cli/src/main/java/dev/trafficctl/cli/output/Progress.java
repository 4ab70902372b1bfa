package dev.trafficctl.cli.output;

import java.io.PrintWriter;

/** Tells on stderr what is going on: a line for each step and, on a terminal, a line that moves. */
public final class Progress {
  private static final String ERASE_LINE = "\r\u001b[K";

  private final PrintWriter err;
  private final boolean terminal;
  private boolean moving;

  /** With where it goes, and whether a person watches it. */
  public Progress(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  /** Whether a person watches, so that {@link #update} is worth finding something out for. */
  public boolean isWatched() {
    return terminal;
  }

  /** Says a thing that stays. */
  public void step(String line) {
    done();
    err.println(Text.safe(line));
    err.flush();
  }

  /** Says how far the current step is, in place of what was said so before. */
  public void update(String line) {
    if (terminal) {
      err.print(ERASE_LINE + Text.safe(line));
      err.flush();
      moving = true;
    }
  }

  /** Takes away what was said with {@link #update}. */
  public void done() {
    if (moving) {
      err.print(ERASE_LINE);
      err.flush();
      moving = false;
    }
  }
}
