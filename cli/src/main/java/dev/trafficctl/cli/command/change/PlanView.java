package dev.trafficctl.cli.command.change;

import dev.trafficctl.cli.operation.change.Plan;
import dev.trafficctl.cli.output.Document;
import dev.trafficctl.cli.output.Format;
import dev.trafficctl.cli.output.Text;
import java.io.PrintWriter;
import java.util.List;

/** A plan as it is shown. */
record PlanView(
    boolean planOnly,
    String verb,
    String cluster,
    String job,
    String jobId,
    List<String> steps,
    List<String> warnings) {

  static void print(Plan plan, Format format, PrintWriter out) {
    if (format != Format.TABLE) {
      Document.print(
          new PlanView(
              true,
              plan.verb(),
              plan.cluster(),
              plan.job(),
              plan.jobId().text(),
              plan.steps(),
              plan.warnings()),
          format,
          out);
      return;
    }
    out.println(Text.safe("this would " + plan.what() + " on " + plan.cluster() + ":"));
    for (int i = 0; i < plan.steps().size(); i++) {
      out.println(Text.safe("  " + (i + 1) + ". " + plan.steps().get(i)));
    }
    plan.warnings().forEach(warning -> out.println(Text.safe("warning: " + warning)));
  }
}
