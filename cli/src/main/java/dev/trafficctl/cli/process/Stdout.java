package dev.trafficctl.cli.process;

import dev.trafficctl.cli.output.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;

/**
 * Where data goes. What cannot be written there must not pass for printed: it is said when the
 * command has ended, and what tells of a change, such as the path of a savepoint, is then told on
 * stderr.
 */
public final class Stdout extends PrintWriter {
  private final Watched watched;

  /** With where it is written to. */
  public Stdout(Writer to) {
    this(new Watched(to));
  }

  private Stdout(Watched watched) {
    super(watched);
    this.watched = watched;
  }

  /**
   * Says what the command has changed, or tried to: what is printed from here on is kept for those
   * whom stdout does not reach, and a failure from here on is one of the telling alone.
   */
  public void tellsOfChange(Changed change) {
    watched.change = change;
  }

  /** Whether the command has changed something, so that to run it again is no way to see more. */
  public boolean tellsOfChange() {
    return watched.change != null;
  }

  /**
   * Says that a failure has ended the command.
   *
   * @param exitCode what the failure alone would let it end with
   * @return what the command ends with: after a change, what came of that
   */
  public int cutOff(int exitCode) {
    watched.cutOff = true;
    return watched.change == null ? exitCode : watched.change.untold().number();
  }

  /**
   * Ends a command: says on stderr what could not be written, and what was changed if a failure cut
   * the telling off. A reader that has closed its end of a pipe has all that it wants, so that it
   * is told of changes alone.
   *
   * @param exitCode what the command itself ended with
   * @return what the process exits with: in place of 0, 1 for data that is lost, and 7 if that told
   *     of a change
   */
  public int ended(int exitCode, PrintWriter err) {
    flush();
    Changed change = watched.change;
    boolean lost = watched.failure != null && (change != null || !watched.isClosedByItsReader());
    if (lost) {
      watched.tell(err);
    }
    if (change != null && watched.cutOff) {
      change.facts().forEach(fact -> tell(err, fact));
    }
    if (change != null && change.shownBy() != null && (lost || watched.cutOff)) {
      tell(err, "what was done is shown by: " + change.shownBy());
    }
    err.flush();
    watched.forget();
    clearError();
    ExitCode instead = change == null ? ExitCode.FAILED : change.untold();
    return lost && exitCode == ExitCode.DONE.number() ? instead.number() : exitCode;
  }

  private static void tell(PrintWriter err, String text) {
    text.lines().forEach(line -> err.println("trafficctl: " + Text.safe(line)));
  }

  /** Remembers the first failure, and what tells of a change. */
  private static final class Watched extends Writer {
    private final Writer to;
    private final StringBuilder kept = new StringBuilder();
    private Changed change;
    private boolean cutOff;
    private IOException failure;

    Watched(Writer to) {
      this.to = to;
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
      if (change != null) {
        kept.append(text, from, length);
      }
      try {
        to.write(text, from, length);
      } catch (IOException e) {
        throw failed(e);
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        to.flush();
      } catch (IOException e) {
        throw failed(e);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        to.close();
      } catch (IOException e) {
        throw failed(e);
      }
    }

    private IOException failed(IOException e) {
      failure = failure == null ? e : failure;
      return e;
    }

    /** The system's word for it has "pipe" in it whatever its language. */
    boolean isClosedByItsReader() {
      return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
    }

    void tell(PrintWriter err) {
      String what = "trafficctl: stdout could not be written: " + failure.getMessage();
      err.println(Text.safe(what) + (kept.isEmpty() ? "" : "; this was to be told there:"));
      // It was made safe when it was printed.
      kept.toString().lines().forEach(err::println);
    }

    void forget() {
      kept.setLength(0);
      change = null;
      cutOff = false;
      failure = null;
    }
  }
}
