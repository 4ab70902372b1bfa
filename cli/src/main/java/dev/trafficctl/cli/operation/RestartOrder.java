package dev.trafficctl.cli.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.operation.RestartPlan.End;
import dev.trafficctl.cli.output.ShellCommand;
import dev.trafficctl.cli.state.StatePath;
import dev.trafficctl.model.Setting;
import dev.trafficctl.model.StartDescription;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that a restart is done by: it is in the journal, so that another process can finish what one
 * has begun.
 *
 * @param jobName the name of the job that is replaced
 * @param before the id of that job, or null if Flink does not know it
 * @param end how it is brought to its end
 * @param start how the new job is started
 * @param jar the jar that is started
 * @param restore what is restored, or null as in {@link RestartPlan}
 * @param restoresWhatEnds whether it is what comes into being as the job ends
 * @param allowNonRestoredState whether state that no operator takes may be left behind
 * @param cluster the options that say which cluster is meant, for commands that are recommended
 * @param again what such a command says besides, to start the job in the same way
 * @param undo what it says to start the job as it was before
 */
record RestartOrder(
    String jobName,
    JobId before,
    End end,
    StartDescription start,
    Path jar,
    String restore,
    boolean restoresWhatEnds,
    boolean allowNonRestoredState,
    List<String> cluster,
    List<String> again,
    List<String> undo) {
  /** The option that says how the new job is started, as JSON. */
  static final String START = "start";

  private static final String END = "end";
  private static final String JAR = "jar";
  private static final String RESTORE = "restore";
  private static final String RESTORES_WHAT_ENDS = "restores-what-ends";
  private static final String ALLOW = "allow-non-restored-state";
  private static final String ALLOW_OPTION = "--allow-non-restored-state";
  private static final String CLUSTER = "cluster";
  private static final String AGAIN = "again";
  private static final String UNDO = "undo";

  static RestartOrder of(RestartPlan plan, RestartRequest request) {
    List<String> again = new ArrayList<>();
    again.add("--parallelism");
    again.add(Integer.toString(plan.start().parallelism()));
    new TreeMap<>(request.changes())
        .forEach(
            (name, value) -> {
              again.add("--set");
              again.add(name + "=" + value);
            });
    if (request.jarIsGiven()) {
      again.add("--jar");
      again.add(plan.jar().toString());
    }
    if (plan.allowNonRestoredState()) {
      again.add(ALLOW_OPTION);
    }
    if (request.allowStateOfAnotherJob()) {
      again.add(StateOfAnotherJob.OPTION);
    }
    if (request.allowMissingSlots()) {
      again.add(SlotCheck.OPTION);
    }
    if (!request.settings().isEmpty()) {
      again.add("--");
      again.addAll(request.settings());
    }
    return new RestartOrder(
        plan.jobName(),
        plan.beforeId(),
        plan.end(),
        plan.start(),
        plan.jar().toAbsolutePath(),
        plan.restore(),
        plan.restoresWhatEnds(),
        plan.allowNonRestoredState(),
        request.options(),
        again,
        undo(plan, request));
  }

  /** What was changed, changed back. */
  private static List<String> undo(RestartPlan plan, RestartRequest request) {
    List<String> undo = new ArrayList<>();
    if (plan.previous().parallelism() != plan.start().parallelism()) {
      undo.add("--parallelism");
      undo.add(Integer.toString(plan.previous().parallelism()));
    }
    JobArguments before = new JobArguments(plan.previous().arguments());
    new TreeMap<>(request.changes())
        .forEach(
            (name, value) ->
                before
                    .value(name)
                    .ifPresent(
                        old -> {
                          undo.add("--set");
                          undo.add(name + "=" + old);
                        }));
    if (request.jarIsGiven()) {
      undo.addAll(jarBefore(plan));
    }
    return undo;
  }

  /** The option that names the jar before; if that is another file, only its version is known. */
  private static List<String> jarBefore(RestartPlan plan) {
    String before = plan.previous().jarSha256();
    if (before == null || !before.matches(JarCheck.SHA_256)) {
      return List.of();
    }
    return List.of(
        "--jar",
        before.equals(JarCheck.sha256(plan.jar()))
            ? plan.jar().toString()
            : "JAR-OF-VERSION-" + plan.previous().version());
  }

  /**
   * As it was written down.
   *
   * @throws IllegalArgumentException when something is missing
   */
  static RestartOrder of(String jobName, JobId before, Map<String, String> options) {
    return new RestartOrder(
        jobName,
        before,
        End.valueOf(required(options, END)),
        StartDescription.ofJson(required(options, START)),
        Path.of(required(options, JAR)),
        options.get(RESTORE),
        Boolean.parseBoolean(options.get(RESTORES_WHAT_ENDS)),
        Boolean.parseBoolean(options.get(ALLOW)),
        strings(required(options, CLUSTER)),
        strings(required(options, AGAIN)),
        strings(required(options, UNDO)));
  }

  /** As it is written down. */
  Map<String, String> options() {
    Map<String, String> options = new TreeMap<>();
    options.put(END, end.name());
    options.put(START, start.toJson());
    options.put(JAR, jar.toString());
    if (restore != null) {
      options.put(RESTORE, restore);
    }
    options.put(RESTORES_WHAT_ENDS, Boolean.toString(restoresWhatEnds));
    options.put(ALLOW, Boolean.toString(allowNonRestoredState));
    options.put(CLUSTER, StartDescription.json(cluster));
    options.put(AGAIN, StartDescription.json(again));
    options.put(UNDO, StartDescription.json(undo));
    return options;
  }

  private static String required(Map<String, String> options, String name) {
    String value = options.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no " + name);
    }
    return value;
  }

  private static List<String> strings(String json) {
    try {
      return new JsonMapper().readValue(json, new TypeReference<List<String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a list of texts", e);
    }
  }

  /**
   * The command that starts the new job in this way once the job before has ended.
   *
   * @param job the name of the job that is replaced then
   * @param restored what it is restored from, or null to start without state
   */
  ShellCommand finishing(String job, String restored) {
    if (restored != null) {
      return finishing(job, fromOption(restored), restored);
    }
    String offsets =
        new JobArguments(start.arguments()).value(Setting.STARTING_OFFSETS).orElseThrow();
    return finishing(job, "--from-offsets", offsets.substring(offsets.indexOf(':') + 1));
  }

  /** The same, with the option that says from where, and its value. */
  ShellCommand finishing(String job, String option, String value) {
    return new ShellCommand("restart", job).add(cluster).add(option, value).add(again);
  }

  /** The same with another state, the path of which has to be filled in. */
  ShellCommand finishingWithAnother(String job, String restored) {
    return finishing(job, fromOption(restored), "PATH");
  }

  /** The same as {@link #finishing(String, String)}, but leaves behind what no operator takes. */
  ShellCommand finishingWithLess(String job, String restored) {
    return new ShellCommand("restart", job)
        .add(cluster)
        .add(fromOption(restored), restored)
        .add(ALLOW_OPTION)
        .add(again);
  }

  /** The command that goes back to what there was before. */
  ShellCommand back(String ended) {
    return new ShellCommand("restart", start.jobName())
        .add(cluster)
        .add(fromOption(ended), ended)
        .add(undo);
  }

  private static String fromOption(String path) {
    return StatePath.of(path).namesCheckpoint() ? "--from-checkpoint" : "--from-savepoint";
  }

  /** Another command about a job of this cluster. */
  ShellCommand command(String verb, String job) {
    return new ShellCommand(verb, job).add(cluster);
  }
}
