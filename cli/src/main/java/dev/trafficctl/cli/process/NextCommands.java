package dev.trafficctl.cli.process;

import java.util.List;

/**
 * The commands that somebody who reads a message types next, each as it can be copied into a shell.
 * Who asks for one says what it is to do; how that is typed is known where the commands are. A job
 * is given by its name or its id.
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

  /** Shows all jobs that Flink remembers. */
  String allJobs();

  /** Shows how a job is. */
  String status(String job);

  /** Shows why a job has failed. */
  String exceptions(String job);

  /** Shows what a job waits for. */
  String backpressure(String job);

  /** Shows the checkpoints of the job. */
  String checkpoints();

  /** Shows the checkpoints of a job. */
  String checkpoints(String job);

  /** Shows the savepoints of the job. */
  String savepoints();

  /**
   * Deletes a savepoint.
   *
   * @param lastWayBack whether it may be the newest state of a job that does not run
   */
  String deleteSavepoint(String path, boolean lastWayBack);

  /** Stops a job with a savepoint. */
  String stop(String job);

  /** Stops the job whose id the reader chooses. */
  String stopOneById();

  /** Stops a job for good, as if no event came any more. */
  String drain(String job);

  /** Cancels a job. */
  String cancel(String job);

  /** Cancels a job from whose state nobody wants to start again. */
  String cancelDiscardingState(String job);

  /**
   * Asks for the same of a job once more.
   *
   * @param verb what was asked for, as it is in the journal: {@code savepoint}, {@code checkpoint}
   *     or {@code stop}
   */
  String again(String verb, String job);

  /** Starts a job again. */
  String restart(String job);

  /** Starts a job again, from somewhere. */
  String restart(String job, NextRestart.Start start);

  /** Starts a job again, with all that is asked for. */
  String restart(NextRestart restart);

  /** Starts a job of which nothing is known, with settings that the reader fills in. */
  String restartWithSettings(String job);

  /** Explains from where a job can be started again. */
  String explainRestart();

  /** Shows how far behind the job is, and who holds an open transaction. */
  String lag();

  /** Shows how far behind a consumer group is, whatever job it belongs to. */
  String lagOfGroup();

  /** Finds out how an operation ended, or brings it to its end. */
  String resume(String operation);

  /** Shows what was done in an operation. */
  String operation(String operation);

  /** Shows the operations that this user has begun. */
  String operations();

  /** Shows whether the local stack runs. */
  String localStatus();

  /**
   * Shows the log of a part of the local stack.
   *
   * @param part such as {@code jobmanager}
   */
  String localLogs(String part);

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
