package dev.trafficctl.cli.operation.restart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trafficctl.cli.flink.JobId;
import dev.trafficctl.cli.journal.StartKeys;
import dev.trafficctl.cli.operation.change.RestartPlan;
import dev.trafficctl.cli.operation.change.RestartPlan.End;
import dev.trafficctl.cli.process.NextCommands;
import dev.trafficctl.model.StartDescription;
import java.nio.file.Path;
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
 * @param previous how it was started before, as far as that is known
 * @param request what was asked for, with the new job's parallelism, and without from where
 * @param jarSha256 the checksum of the jar that is started, or null if that of the one before is
 *     not known
 * @param restore what is restored, or null as in {@link RestartPlan}
 * @param restoresWhatEnds whether it is what comes into being as the job ends
 */
record RestartOrder(
    String jobName,
    JobId before,
    End end,
    StartDescription start,
    StartDescription previous,
    RestartRequest request,
    String jarSha256,
    String restore,
    boolean restoresWhatEnds) {
  private static final String PREVIOUS = "previous";
  private static final String END = "end";
  private static final String JAR = "jar";
  private static final String JAR_IS_GIVEN = "jar-is-given";
  private static final String JAR_SHA256 = "jar-sha256";
  private static final String RESTORE = "restore";
  private static final String RESTORES_WHAT_ENDS = "restores-what-ends";
  private static final String CHANGES = "changes";
  private static final String SETTINGS = "settings";
  private static final String CLUSTER = "cluster";
  private static final String ALLOW_NON_RESTORED_STATE = "allow-non-restored-state";
  private static final String ALLOW_STATE_OF_ANOTHER_JOB = "allow-state-of-another-job";
  private static final String ALLOW_MISSING_SLOTS = "allow-missing-slots";

  static RestartOrder of(RestartPlan plan, RestartRequest request) {
    Path jar = plan.jar().toAbsolutePath();
    return new RestartOrder(
        plan.jobName(),
        plan.beforeId(),
        plan.end(),
        plan.start(),
        plan.previous(),
        new RestartRequest(
            plan.jobName(),
            new From.WhereItStands(),
            plan.start().parallelism(),
            request.changes(),
            request.settings(),
            jar,
            request.jarIsGiven(),
            plan.allowNonRestoredState(),
            request.allowStateOfAnotherJob(),
            request.allowMissingSlots(),
            null,
            request.options()),
        plan.previous().jarSha256() == null ? null : JarCheck.sha256(jar),
        plan.restore(),
        plan.restoresWhatEnds());
  }

  /**
   * As it was written down.
   *
   * @throws IllegalArgumentException when something is missing
   */
  static RestartOrder of(String jobName, JobId before, Map<String, String> options) {
    StartDescription start = StartDescription.ofJson(required(options, StartKeys.START));
    return new RestartOrder(
        jobName,
        before,
        End.valueOf(required(options, END)),
        start,
        StartDescription.ofJson(required(options, PREVIOUS)),
        new RestartRequest(
            jobName,
            new From.WhereItStands(),
            start.parallelism(),
            read(required(options, CHANGES), new TypeReference<Map<String, String>>() {}),
            read(required(options, SETTINGS), new TypeReference<List<String>>() {}),
            Path.of(required(options, JAR)),
            Boolean.parseBoolean(options.get(JAR_IS_GIVEN)),
            Boolean.parseBoolean(options.get(ALLOW_NON_RESTORED_STATE)),
            Boolean.parseBoolean(options.get(ALLOW_STATE_OF_ANOTHER_JOB)),
            Boolean.parseBoolean(options.get(ALLOW_MISSING_SLOTS)),
            null,
            read(required(options, CLUSTER), new TypeReference<List<String>>() {})),
        options.get(JAR_SHA256),
        options.get(RESTORE),
        Boolean.parseBoolean(options.get(RESTORES_WHAT_ENDS)));
  }

  /** As it is written down. */
  Map<String, String> options() {
    Map<String, String> options = new TreeMap<>();
    options.put(END, end.name());
    options.put(StartKeys.START, start.toJson());
    options.put(PREVIOUS, previous.toJson());
    options.put(JAR, request.jar().toString());
    options.put(JAR_IS_GIVEN, Boolean.toString(request.jarIsGiven()));
    options.put(CHANGES, json(request.changes()));
    options.put(SETTINGS, json(request.settings()));
    options.put(CLUSTER, json(request.options()));
    options.put(ALLOW_NON_RESTORED_STATE, Boolean.toString(request.allowNonRestoredState()));
    options.put(ALLOW_STATE_OF_ANOTHER_JOB, Boolean.toString(request.allowStateOfAnotherJob()));
    options.put(ALLOW_MISSING_SLOTS, Boolean.toString(request.allowMissingSlots()));
    options.put(RESTORES_WHAT_ENDS, Boolean.toString(restoresWhatEnds));
    if (jarSha256 != null) {
      options.put(JAR_SHA256, jarSha256);
    }
    if (restore != null) {
      options.put(RESTORE, restore);
    }
    return options;
  }

  /**
   * The commands that are recommended to who does this.
   *
   * @param next what is typed next about any cluster
   */
  RestartCommands commands(NextCommands next) {
    return new RestartCommands(this, next.on(request.options()));
  }

  private static String required(Map<String, String> options, String name) {
    String value = options.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no " + name);
    }
    return value;
  }

  private static String json(Object value) {
    try {
      return new JsonMapper().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts always make JSON", e);
    }
  }

  private static <T> T read(String json, TypeReference<T> type) {
    try {
      return new JsonMapper().readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not texts: " + json, e);
    }
  }
}
