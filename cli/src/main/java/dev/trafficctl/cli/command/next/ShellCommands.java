package dev.trafficctl.cli.command.next;

import dev.trafficctl.cli.output.ShellCommand;
import dev.trafficctl.cli.process.NextCommands;
import java.util.List;

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
  public String checkpoints() {
    return here("checkpoints");
  }

  @Override
  public String lag() {
    return here("lag");
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

  private static String command(String... words) {
    return new ShellCommand(words).toString();
  }
}
