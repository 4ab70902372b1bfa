package dev.trafficctl.cli.process;

import java.util.List;

/**
 * The commands that somebody who reads a message types next, each as it can be copied into a shell.
 * Who asks for one says what it is to do; how that is typed is known where the commands are.
 *
 * <p>Where a command lacks something that only the reader knows, such as the name of a context, a
 * word in capital letters stands for it.
 */
public interface NextCommands {
  /**
   * The same commands about the cluster or local stack that these options mean.
   *
   * @param flags options with their values, as they were given
   */
  NextCommands on(List<String> flags);

  /** Shows the jobs that have not ended. */
  String jobs();

  /** Shows the checkpoints of the job. */
  String checkpoints();

  /** Shows how far behind the job is, and who holds an open transaction. */
  String lag();

  /** Shows the operations that this user has begun. */
  String operations();

  /** Shows whether the local stack runs. */
  String localStatus();

  /** Starts the local stack. */
  String startLocalStack();

  /** Makes a context the current one. */
  String chooseContext();

  /** Shows where a context gets its credential from. */
  String showContext();

  /** Explains how a context gets a credential. */
  String explainContexts();

  /** Gives a context the address at which this machine reaches Kafka. */
  String setKafkaAddress();

  /** Gives a context the CA that Flink's certificate was issued by. */
  String setFlinkCa();

  /** Gives a context the certificate that proves to Flink who asks. */
  String setClientCertificate();

  /** Makes the tables of a job. */
  String makeTables();
}
