package dev.trafficctl.job;

import dev.trafficctl.model.BuildVersion;
import dev.trafficctl.model.Settings;
import dev.trafficctl.model.SettingsException;
import dev.trafficctl.model.StartDescription;
import dev.trafficctl.model.StartingPosition;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job's entry point: {@code --help} prints its settings. */
public final class TrafficJob {
  /** What Postgres shows as the application of the job's connections. */
  private static final String APPLICATION = "traffic-job";

  /** What whoever starts the job says of it. */
  private static final List<ConfigOption<String>> TOLD =
      List.of(told(StartDescription.SUBMITTED_BY), told(StartDescription.OPERATION));

  private TrafficJob() {}

  /**
   * Checks the settings and the systems they name, and submits the job.
   *
   * @throws StartRefusedException when the job cannot start, with one line for each reason
   */
  public static void main(String[] args) throws Exception {
    List<String> arguments = List.of(args);
    if (arguments.contains("--help")) {
      System.out.print(Settings.help());
      return;
    }
    submit(parse(arguments));
  }

  private static Settings parse(List<String> arguments) {
    try {
      return Settings.parse(arguments, System.getenv());
    } catch (SettingsException e) {
      throw new StartRefusedException(e.getMessage());
    }
  }

  private static void submit(Settings settings) throws Exception {
    PostgresConnectionProvider postgres =
        new PostgresConnectionProvider(
            settings.postgresUrl(), settings.postgresUser(), APPLICATION);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    requireParallelism(env.getParallelism(), settings.maxParallelism());
    Preflight preflight =
        new Preflight(
            settings, postgres, env.getConfiguration().get(StateRecoveryOptions.SAVEPOINT_PATH));
    ResolvedStart start = preflight.check();

    env.getConfig()
        .setGlobalJobParameters(describe(settings, start, preflight, env.getConfiguration()));
    Pipeline pipeline = new Pipeline(settings);
    pipeline.define(
        env,
        pipeline.source(start),
        new FilterFunction(settings, postgres, start),
        new PostgresSink(
            postgres,
            new BatchLimits(
                settings.batchRows(), BatchLimits.DEFAULT.bytes(), settings.batchInterval()),
            settings.tables()),
        RejectSink.create(postgres, settings.tables().rejected()));
    env.execute(settings.jobName());
  }

  /** Flink itself only finds it out when it has begun to start the job. */
  private static void requireParallelism(int parallelism, int most) {
    if (parallelism > most) {
      throw new StartRefusedException(
          "parallelism "
              + parallelism
              + " is more than the job's max parallelism "
              + most
              + "; give at most that, or a higher --max-parallelism to a job that starts without"
              + " state");
    }
  }

  /** Whether Flink will restore state, which then says where reading goes on. */
  private static boolean isRestored(ReadableConfig configuration) {
    return configuration.getOptional(StateRecoveryOptions.SAVEPOINT_PATH).isPresent();
  }

  private static JobDescription describe(
      Settings settings, ResolvedStart start, Preflight preflight, ReadableConfig configuration) {
    Map<String, String> entries = new TreeMap<>();
    entries.put(StartDescription.VERSION, BuildVersion.current());
    entries.put(StartDescription.JAR_SHA256, jarChecksum());
    entries.put(StartDescription.ARGUMENTS, StartDescription.json(settings.toArguments()));
    entries.put(StartDescription.POSTGRES_TABLES, preflight.tables().toJson());
    if (preflight.warning() != null) {
      entries.put(StartDescription.WARNING, preflight.warning());
    }
    if (!isRestored(configuration)) {
      entries.put(
          StartDescription.STARTING_OFFSETS, new StartingPosition.Offsets(start.offsets()).text());
    }
    for (ConfigOption<String> option : TOLD) {
      configuration.getOptional(option).ifPresent(value -> entries.put(option.key(), value));
    }
    return new JobDescription(entries);
  }

  private static ConfigOption<String> told(String name) {
    return ConfigOptions.key(name).stringType().noDefaultValue();
  }

  /** The SHA-256 of the jar that this class came from, or "unknown" where there is no jar. */
  private static String jarChecksum() {
    try {
      Path jar =
          Path.of(TrafficJob.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (!Files.isRegularFile(jar)) {
        return "unknown";
      }
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(jar), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException | URISyntaxException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("The job's own jar cannot be read", e);
    }
  }
}
