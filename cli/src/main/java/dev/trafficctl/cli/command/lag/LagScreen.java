package dev.trafficctl.cli.command.lag;

import dev.trafficctl.cli.lag.LagFigures;
import dev.trafficctl.cli.lag.LagHistory;
import dev.trafficctl.cli.lag.LagReport;
import dev.trafficctl.cli.lag.PartitionLag;
import dev.trafficctl.cli.output.Table;
import dev.trafficctl.cli.output.Text;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** The lag on a terminal, drawn again in place each time, with a curve for each partition. */
final class LagScreen {
  /** How many lags a curve shows. */
  static final int CURVE = 20;

  private static final int MOST_ROWS = 20;
  private static final String BARS = "▁▂▃▄▅▆▇█";

  private final PrintWriter out;
  private int lines;

  LagScreen(PrintWriter out) {
    this.out = out;
  }

  void draw(LagReport report, LagHistory history) {
    StringWriter text = new StringWriter();
    PrintWriter into = new PrintWriter(text);
    LagView view = LagView.of(report);
    into.println(
        Text.safe(
            view.at()
                + "  "
                + (view.job() == null ? "group " + view.group() : "job " + view.job())));
    List<PartitionLag> shown =
        report.partitions().stream()
            .sorted(
                Comparator.comparing(
                    each -> each.figures().lag(), Comparator.nullsFirst(Comparator.reverseOrder())))
            .limit(MOST_ROWS)
            .sorted(Comparator.comparing(each -> report.partitions().indexOf(each)))
            .toList();
    Table table =
        new Table(
            "PARTITION", "LAG", "TIME-LAG", "RATE-IN", "RATE-OUT", "TREND", "ETA", "LAG LATELY");
    for (PartitionLag each : shown) {
      LagFigures of = each.figures();
      table.row(
          each.at().toString(),
          of.lag(),
          age(of.timeLag()),
          LagView.rate(of.rateIn()),
          LagView.rate(of.rateOut()),
          of.trend() == null ? null : of.trend().words(),
          age(of.eta()),
          curve(history.lags(each.at())));
    }
    table.print(into);
    int others = report.partitions().size() - shown.size();
    if (others > 0) {
      into.println("and " + Text.number(others) + " partitions that lag less");
    }
    into.println("total: " + Text.safe(view.sentence()));
    view.notes().forEach(note -> into.println(Text.safe(note)));
    replace(text.toString());
  }

  private void replace(String text) {
    // Up to where it began, and away with all below.
    out.print((lines == 0 ? "" : "\u001b[" + lines + "A\r\u001b[J") + text);
    out.flush();
    lines = (int) text.lines().count();
  }

  /** Leaves what is there, so that what is drawn next goes below. */
  void leave() {
    lines = 0;
  }

  private static String age(Duration time) {
    return time == null ? null : Text.age(time);
  }

  /** A bar for each lag, as high as it is of the largest of them; a space where it is unknown. */
  static String curve(List<Long> lags) {
    long largest =
        lags.stream().filter(Objects::nonNull).mapToLong(Long::longValue).max().orElse(0);
    StringBuilder curve = new StringBuilder();
    for (Long lag : lags) {
      if (lag == null) {
        curve.append(' ');
      } else {
        int height = largest == 0 ? 0 : (int) (lag * (double) (BARS.length() - 1) / largest);
        curve.append(BARS.charAt(height));
      }
    }
    return curve.toString();
  }
}
