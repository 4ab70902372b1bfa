package dev.trafficctl.cli.chaos;

import dev.trafficctl.cli.TrafficCtl;
import java.io.IOException;

/**
 * The command line, but for a wait: the process says {@code ready} on stdout once it has come up,
 * and goes on when it gets a line. So two can begin at one moment although processes take
 * differently long to come up.
 */
public final class AtTheGate {
  /** What it says. */
  static final String READY = "ready";

  private AtTheGate() {}

  /** Waits and then runs a command. */
  public static void main(String[] args) throws IOException, ClassNotFoundException {
    Class.forName(TrafficCtl.class.getName());
    Class.forName("picocli.CommandLine");
    Class.forName("okhttp3.OkHttpClient");
    System.out.println(READY);
    System.out.flush();
    int next;
    do {
      next = System.in.read();
    } while (next != '\n' && next != -1);
    TrafficCtl.main(args);
  }
}
