package dev.trafficctl.cli.command.change;

import dev.trafficctl.cli.process.ExitCode;
import java.io.PrintWriter;
import java.util.function.Consumer;

/** Tells somebody who leaves with Ctrl-C how to come back to an operation that goes on. */
final class Comeback implements Consumer<String> {
  private final PrintWriter err;
  private volatile String operation;

  Comeback(PrintWriter err) {
    this.err = err;
  }

  /** Remembers the operation that goes on from now on; null for none. */
  @Override
  public void accept(String id) {
    operation = id;
  }

  /** To be called when the process ends; it then ends with the exit code for it. */
  void interrupted() {
    String id = operation;
    if (id != null) {
      err.println();
      err.println(
          "trafficctl: interrupted; what was asked goes on in Flink; find out how it ends with:"
              + " trafficctl operations resume "
              + id);
      err.flush();
      Runtime.getRuntime().halt(ExitCode.OUTCOME_UNKNOWN.number());
    }
  }
}
