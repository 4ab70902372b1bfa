package dev.trafficctl.cli.command.next;

import dev.trafficctl.cli.operation.catalogue.LastWayBack;
import dev.trafficctl.cli.operation.start.SlotCheck;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.cli.process.NextRestart;
import java.util.List;
import java.util.TreeMap;

/**
 * The commands of this program, as they are typed into a shell.
 *
 * @param flags the options that say which cluster or local stack is meant
 */
public record ShellCommands(List<String> flags) implements NextCommands {
  /** With a copy of the options. */
  public ShellCommands {
    flags = List.copyOf(flags);
  }

  /** About whatever is meant without an option. */
  public ShellCommands() {
    this(List.of());
  }

  @Override
  public NextCommands on(List<String> others) {
    return new ShellCommands(others);
  }

  @Override
  public String jobs() {
    return here("jobs");
  }

  @Override
  public String allJobs() {
    return here("jobs", "--all");
  }

  @Override
  public String status(String job) {
    return about(job, "status");
  }

  @Override
  public String exceptions(String job) {
    return about(job, "exceptions");
  }

  @Override
  public String backpressure(String job) {
    return about(job, "backpressure");
  }

  @Override
  public String checkpoints() {
    return here("checkpoints");
  }

  @Override
  public String checkpoints(String job) {
    return about(job, "checkpoints");
  }

  @Override
  public String savepoints() {
    return here("savepoint", "list");
  }

  @Override
  public String deleteSavepoint(String path, boolean lastWayBack) {
    ShellCommand command = new ShellCommand("savepoint", "delete").parameter(path);
    return (lastWayBack ? command.add(LastWayBack.OPTION) : command).add(flags).toString();
  }

  @Override
  public String stop(String job) {
    return about(job, "stop");
  }

  @Override
  public String stopOneById() {
    return about("ID", "stop");
  }

  @Override
  public String drain(String job) {
    return new ShellCommand("stop").parameter(job).add("--drain").add(flags).toString();
  }

  @Override
  public String cancel(String job) {
    return about(job, "cancel");
  }

  @Override
  public String cancelDiscardingState(String job) {
    return new ShellCommand("cancel").parameter(job).add("--discard-state").add(flags).toString();
  }

  @Override
  public String again(String verb, String job) {
    return about(job, verb);
  }

  @Override
  public String restart(String job) {
    return about(job, "restart");
  }

  @Override
  public String restart(String job, NextRestart.Start start) {
    return new ShellCommand("restart").parameter(job).add(from(start)).add(flags).toString();
  }

  @Override
  public String restart(NextRestart restart) {
    ShellCommand command =
        new ShellCommand("restart").parameter(restart.job()).add(flags).add(from(restart.start()));
    if (restart.parallelism() != null) {
      command.add("--parallelism", restart.parallelism().toString());
    }
    new TreeMap<>(restart.changes())
        .forEach((name, value) -> command.add("--set", name + "=" + value));
    if (restart.jar() != null) {
      command.add("--jar", restart.jar());
    }
    if (restart.allowNonRestoredState()) {
      command.add("--allow-non-restored-state");
    }
    if (restart.allowStateOfAnotherJob()) {
      command.add("--allow-state-of-another-job");
    }
    if (restart.allowMissingSlots()) {
      command.add(SlotCheck.OPTION);
    }
    return command.behindDashes(restart.settings()).toString();
  }

  private static List<String> from(NextRestart.Start start) {
    if (start instanceof NextRestart.Savepoint savepoint) {
      return List.of("--from-savepoint", newest(savepoint.path()));
    }
    if (start instanceof NextRestart.Checkpoint checkpoint) {
      return List.of("--from-checkpoint", newest(checkpoint.path()));
    }
    if (start instanceof NextRestart.Position position) {
      // As a setting it is KIND or KIND:VALUE, as an option --from-KIND or --from-KIND VALUE.
      return List.of(("--from-" + position.position().text()).split(":", 2));
    }
    return List.of();
  }

  private static String newest(String path) {
    return path == null ? "latest" : path;
  }

  @Override
  public String restartWithSettings(String job) {
    return restart(job) + " ... -- --kafka-url HOST:PORT --postgres-url URL ...";
  }

  @Override
  public String explainRestart() {
    return command("restart", "--help");
  }

  @Override
  public String lag() {
    return here("lag");
  }

  @Override
  public String lagOfGroup() {
    return here("lag", "--group", "GROUP");
  }

  @Override
  public String resume(String operation) {
    return new ShellCommand("operations", "resume").parameter(operation).toString();
  }

  @Override
  public String operation(String operation) {
    return new ShellCommand("operations", "show").parameter(operation).toString();
  }

  @Override
  public String operations() {
    return command("operations");
  }

  @Override
  public String localStatus() {
    return command("local", "status");
  }

  @Override
  public String localLogs(String part) {
    return here("local", "logs", part);
  }

  @Override
  public String startLocalStack() {
    return command("local", "up");
  }

  @Override
  public String chooseContext() {
    return command("context", "use", "NAME");
  }

  @Override
  public String showContext() {
    return command("context", "show");
  }

  @Override
  public String explainContexts() {
    return command("context", "set", "--help");
  }

  @Override
  public String setKafkaAddress() {
    return command("context", "set", "NAME", "--kafka-url", "HOST:PORT");
  }

  @Override
  public String setFlinkCa() {
    return command("context", "set", "NAME", "--flink-ca-certificate", "FILE");
  }

  @Override
  public String setClientCertificate() {
    return command(
        "context",
        "set",
        "NAME",
        "--flink-client-certificate",
        "FILE",
        "--flink-client-key",
        "FILE");
  }

  @Override
  public String makeTables() {
    return command("schema", "apply");
  }

  /** One about the cluster or local stack that is meant. */
  private String here(String... words) {
    return new ShellCommand(words).add(flags).toString();
  }

  private String about(String job, String verb) {
    return new ShellCommand(verb).parameter(job).add(flags).toString();
  }

  private static String command(String... words) {
    return new ShellCommand(words).toString();
  }
}
